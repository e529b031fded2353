/**
 * Returns a function that runs pieces of work one after the other, and returns the result of each. One that fails is reported to its own
 * caller alone, and does not hold up the next.
 */
export function inOrder(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Returns a function that does some work when it is first called, and again only if it has failed. */
export function untilDone(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | null = null;
  return () => {
    const mine = (begun ??= work().catch((error: unknown) => {
      begun = null;
      throw error;
    }));
    return mine;
  };
}

/** Returns a function that starts some work and does not wait for it. Its failure is reported. */
export function unattended(work: () => Promise<unknown>, report: (error: unknown) => void): () => void {
  return () => void work().catch(report);
}
