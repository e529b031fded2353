import type { SendOutcome } from '../../core/notifications/delivery.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TeamsStore, Turns } from '../../ports/stores/teams-store.ts';
import { TEAMS_REASONS } from '../../messages/platforms/teams-errors.ts';

/**
 * Teams accepts 50 calls a second of one bot in one organization (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). All
 * processes of a deployment together make at most 45 calls in any second and 40 in the long run, so that replies to people always find
 * room. A call that would have to wait longer than `withinMs` is rescheduled before its lease expires.
 */
const PACE = { everyMs: 25, atOnce: 5, withinMs: 2000 } as const satisfies Omit<Turns, 'count'>;
/** The calls of one second. Calls that ask together must fit into the longest wait. */
const MOST_CALLS_AT_ONCE = 40;

type Held = Extract<SendOutcome, { outcome: 'retry' }>;
const TOO_MANY: Held = { outcome: 'retry', reason: TEAMS_REASONS.rateLimit, afterMs: 1000 };
const NOT_KNOWN: Held = { outcome: 'retry', reason: TEAMS_REASONS.rateNotRead };

/** The wait in milliseconds, or why there is no turn. */
type Turn = number | Held;

/**
 * Creates the rate limit. The returned function waits until a call to an organization may be made. It resolves to null then, or to an
 * outcome if the wait is too long. The waiting calls of this process ask the database together. If the process crashes, at most the turns
 * of one second are lost.
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

  /** Asks the database for the calls that wait, then for those that arrived meanwhile. */
  async function serve(tenant: string, queue: ((turn: Turn) => void)[]): Promise<void> {
    waiting.set(tenant, queue);
    while (queue.length > 0) {
      const served = queue.splice(0, MOST_CALLS_AT_ONCE);
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
