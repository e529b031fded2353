import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, vi } from 'vitest';

/** What comes of a call that is given up after five seconds and not before, which pass once it has `begun`. */
export async function afterFiveSeconds<T>(call: () => Promise<T>, begun: () => boolean): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let isOver = false;
    const result = call().finally(() => (isOver = true));
    while (!begun()) await nextTurn();
    vi.advanceTimersByTime(4_999);
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(isOver).toBe(false);
    vi.advanceTimersByTime(1);
    return await result;
  } finally {
    vi.useRealTimers();
  }
}
