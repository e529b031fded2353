type Run = (id: string) => Promise<void>;

/**
 * Lets no more than so many run at once; the others wait for their turn in the order they came. What waits already is not put
 * in line again: the sweep asks every few seconds for what the queue may have asked for too.
 */
export function atMost(most: number, run: Run): Run {
  const inLine = new Map<string, { readonly begin: () => void; readonly ended: () => Promise<void> }>();
  let running = 0;

  async function begin(id: string): Promise<void> {
    running += 1;
    try {
      await run(id);
    } finally {
      running -= 1;
      const [next] = inLine;
      if (next) {
        inLine.delete(next[0]);
        next[1].begin();
      }
    }
  }

  return (id) => {
    if (running < most) return begin(id);
    const waiting = inLine.get(id);
    if (waiting) return waiting.ended();
    const ended = new Promise<void>((resolve, reject) => {
      inLine.set(id, { begin: () => void begin(id).then(resolve, reject), ended: () => ended });
    });
    return ended;
  };
}
