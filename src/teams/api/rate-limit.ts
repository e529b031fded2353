import type { SendOutcome } from '../../core/notifications/delivery.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TeamsStore, Turns } from '../../ports/stores/teams-store.ts';

/**
 * Teams takes 50 calls a second of one bot in one organisation
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). At most 45 are made in any second and 40 in the long
 * run, by all processes of a deployment together, so that answers to people always find room. Whoever would have to wait
 * longer is told to come back, before its lease runs out.
 */
const PACE = { everyMs: 25, atOnce: 5, withinMs: 2000 } as const satisfies Omit<Turns, 'count'>;
/** A second's worth: what is asked for together must fit into the longest wait. */
const MOST_TOGETHER = 40;

type Held = Extract<SendOutcome, { outcome: 'retry' }>;
const TOO_MANY: Held = { outcome: 'retry', reason: 'more is waiting for that organisation than Teams takes at once', afterMs: 1000 };
const NOT_KNOWN: Held = { outcome: 'retry', reason: 'the database does not say when Teams takes more' };

/** In how many milliseconds it is one's turn, or why it is not. */
type Turn = number | Held;

/**
 * Waits until a call may be made; an outcome when that takes too long. What waits in this process together asks the database
 * together, so that a crash loses no more than the turns it had just taken, a second's worth at most.
 */
export function createRate(store: Pick<TeamsStore, 'takeTurns'>, clock: Clock): (tenant: string) => Promise<Held | null> {
  const waiting = new Map<string, ((turn: Turn) => void)[]>();

  function turnOf(tenant: string): Promise<Turn> {
    return new Promise((resolve) => {
      const others = waiting.get(tenant);
      others?.push(resolve);
      if (others === undefined) void serve(tenant, [resolve]);
    });
  }

  /** Asks for whoever waits, and then for those who came meanwhile. */
  async function serve(tenant: string, queue: ((turn: Turn) => void)[]): Promise<void> {
    waiting.set(tenant, queue);
    while (queue.length > 0) {
      const served = queue.splice(0, MOST_TOGETHER);
      const last = await store.takeTurns(tenant, { ...PACE, count: served.length }).catch(() => NOT_KNOWN);
      for (const [index, resolve] of served.entries())
        resolve(typeof last === 'number' ? last - (served.length - 1 - index) * PACE.everyMs : (last ?? TOO_MANY));
    }
    waiting.delete(tenant);
  }

  return async (tenant) => {
    const turn = await turnOf(tenant);
    if (typeof turn !== 'number') return turn;
    if (turn > 0) await clock.sleep(turn, new AbortController().signal);
    return null;
  };
}
