type Waiting = { readonly acts: Set<() => void>; readonly listener: () => void };

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `act` once when the signal aborts; at once if it already has. However many wait for one signal, it has one listener: Node
 * warns of more than ten, and adding and removing a listener takes as long as there are listeners.
 *
 * Also replaces `AbortSignal.any` for a signal that lives as long as the process: in Node 20 each call leaves an entry in that signal.
 *
 * @returns ends the waiting; does nothing after `act` was called
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act();
    return () => undefined;
  }
  const { acts, listener } = waiting.get(signal) ?? listenTo(signal);
  // The same function may be given twice.
  const entry = (): void => act();
  acts.add(entry);
  return () => {
    // A signal that has aborted no longer has a listener.
    if (!acts.delete(entry) || acts.size > 0 || signal.aborted) return;
    signal.removeEventListener('abort', listener);
    waiting.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Waiting {
  const acts = new Set<() => void>();
  const listener = (): void => {
    waiting.delete(signal);
    for (const act of acts) act();
    acts.clear();
  };
  signal.addEventListener('abort', listener, { once: true });
  const one = { acts, listener };
  waiting.set(signal, one);
  return one;
}
