type Run = (id: string) => Promise<void>;
type Turn = { readonly begin: () => void; readonly ended: () => Promise<void> };

/**
 * Limits the concurrent runs to `most`, and to one per id; other calls wait their turn in order of arrival. An id that is already
 * queued is not queued twice: the sweep requests every few seconds what the queue may have requested too. An id that is running is run
 * again afterwards, for work that arrived after the run had read its own.
 */
export function limitConcurrency(most: number, run: Run): Run {
  const queued = new Map<string, Turn>();
  const running = new Set<string>();

  async function begin(id: string): Promise<void> {
    running.add(id);
    try {
      await run(id);
    } finally {
      running.delete(id);
      beginNext();
    }
  }

  function beginNext(): void {
    for (const [id, turn] of queued) {
      if (running.has(id)) continue;
      queued.delete(id);
      turn.begin();
      return;
    }
  }

  return (id) => {
    if (running.size < most && !running.has(id)) return begin(id);
    const waiting = queued.get(id);
    if (waiting) return waiting.ended();
    const ended = new Promise<void>((resolve, reject) => {
      queued.set(id, { begin: () => void begin(id).then(resolve, reject), ended: () => ended });
    });
    return ended;
  };
}
