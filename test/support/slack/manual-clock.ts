import { vi } from 'vitest';
import type { Clock } from '../../../src/ports/clock.ts';

type Sleeper = { readonly ms: number; readonly until: number; readonly wake: () => void };

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = new Date('2026-11-23T08:00:00Z')) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve) => {
      if (signals.some(({ aborted }) => aborted)) return resolve();
      const sleeper: Sleeper = {
        ms,
        until: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          for (const signal of signals) signal.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      for (const signal of signals) signal.addEventListener('abort', sleeper.wake);
    });
  }

  /** How long those who sleep now wanted to, shortest first. */
  get sleeping(): readonly number[] {
    return Array.from(this.#sleepers, ({ ms }) => ms).toSorted((a, b) => a - b);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of [...this.#sleepers].toSorted((a, b) => a.until - b.until)) if (sleeper.until <= this.#now) sleeper.wake();
  }

  /** Waits, in real time, until somebody has gone to sleep for `ms`. */
  async untilSomebodySleeps(ms: number): Promise<void> {
    await vi.waitUntil(() => this.sleeping.includes(ms), { timeout: 5000, interval: 5 });
  }

  /** Waits until somebody sleeps for `ms`, and passes that time. */
  async passSleepOf(ms: number): Promise<void> {
    await this.untilSomebodySleeps(ms);
    this.advance(ms);
  }
}
