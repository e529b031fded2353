type Run = (id: string) => Promise<void>;
type Turn = { readonly begin: () => void; readonly ended: () => Promise<void> };

/**
 * Lets no more than so many run at once, and one id not twice; the others wait for their turn in the order they came. What waits
 * already is not put in line again: the sweep asks every few seconds for what the queue may have asked for too. What runs is
 * asked once more when it has ended, for what came to it since it looked.
 */
export function limitConcurrency(most: number, run: Run): Run {
  const inLine = new Map<string, Turn>();
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
    for (const [id, turn] of inLine) {
      if (running.has(id)) continue;
      inLine.delete(id);
      turn.begin();
      return;
    }
  }

  return (id) => {
    if (running.size < most && !running.has(id)) return begin(id);
    const waiting = inLine.get(id);
    if (waiting) return waiting.ended();
    const ended = new Promise<void>((resolve, reject) => {
      inLine.set(id, { begin: () => void begin(id).then(resolve, reject), ended: () => ended });
    });
    return ended;
  };
}
