/**
 * Yields the same values in the same order, and starts to read the next one before it yields: it is read while the caller works on the
 * one before. An error of the source is thrown after the values before it.
 */
export async function* readAhead<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
  const source = values[Symbol.asyncIterator]();
  const read = () => {
    const next = source.next();
    // It may fail while the caller works; it is thrown when the caller asks for it.
    next.catch(() => undefined);
    return next;
  };
  let pending = read();
  let isEnded = false;
  try {
    for (let next = await pending; next.done !== true; next = await pending) {
      pending = read();
      yield next.value;
    }
    isEnded = true;
  } finally {
    // The caller stopped early. A generator ends after the value that it is reading.
    if (!isEnded) await source.return?.();
  }
}
