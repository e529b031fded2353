/**
 * Gives its place to other runs while it waits, and returns when the wait is over and there is a place again. It comes before the runs that
 * have not begun.
 */
export type Rest = (wait: () => Promise<void>) => Promise<void>;
type Run = (id: string, rest: Rest) => Promise<void>;
type Turn = { readonly begin: () => void; readonly ended: () => Promise<void> };

export type Limited = {
  /** Resolves when the run has ended, or when it rests for the first time. */
  readonly run: (id: string) => Promise<void>;
  /** Resolves when all runs that have begun, resting ones among them, have ended. */
  readonly settled: () => Promise<void>;
};

/**
 * Limits the concurrent runs to `most`, and to one per id; other calls wait their turn in order of arrival. An id that is already
 * queued is not queued twice: the sweep requests every few seconds what the queue may have requested too. An id that is running is run
 * again afterwards, for work that arrived after the run had read its own.
 *
 * @param onLateFailure gets the error of a run that had rested, because nobody waits for it any longer
 */
export function limitConcurrency(most: number, run: Run, onLateFailure: (error: unknown, id: string) => void = () => undefined): Limited {
  const queued = new Map<string, Turn>();
  const running = new Map<string, Promise<void>>();
  const rested: (() => void)[] = [];
  let busy = 0;

  function begin(id: string): Promise<void> {
    busy += 1;
    return new Promise((resolve, reject) => {
      let hasRested = false;
      const rest: Rest = async (wait) => {
        hasRested = true;
        resolve();
        leave();
        try {
          await wait();
        } finally {
          await enter();
        }
      };
      const end = (): void => {
        running.delete(id);
        leave();
      };
      const ended = run(id, rest).then(
        () => (end(), resolve()),
        (error: unknown) => (end(), hasRested ? onLateFailure(error, id) : reject(error)),
      );
      running.set(id, ended);
    });
  }

  function leave(): void {
    busy -= 1;
    const back = rested.shift();
    if (back) {
      busy += 1;
      back();
    } else beginNext();
  }

  async function enter(): Promise<void> {
    if (busy < most) busy += 1;
    else await new Promise<void>((resolve) => rested.push(resolve));
  }

  function beginNext(): void {
    for (const [id, turn] of queued) {
      if (running.has(id)) continue;
      queued.delete(id);
      turn.begin();
      return;
    }
  }

  return {
    run(id) {
      if (busy < most && !running.has(id)) return begin(id);
      const waiting = queued.get(id);
      if (waiting) return waiting.ended();
      const ended = new Promise<void>((resolve, reject) => {
        queued.set(id, { begin: () => void begin(id).then(resolve, reject), ended: () => ended });
      });
      return ended;
    },
    async settled() {
      await Promise.all(running.values());
    },
  };
}
