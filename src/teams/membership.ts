import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { rootOf, scopeOf, tenantsOf } from './activity.ts';
import type { Connector } from './connector.ts';
import type { Inbound } from './endpoint.ts';
import { classifyFailure } from './errors.ts';

/**
 * What Teams says of who sent something.
 *
 * - `member`: of an organization that the account serves
 * - `guest`: in its directory as a guest, who may look and change nothing
 * - `outsider`: of another organization, or an anonymous participant of a meeting, who may do neither
 */
type Standing = 'member' | 'guest' | 'outsider';

export type Membership = {
  /** Whether they may neither look nor change anything. Asks Teams only where others than the sender read. Never throws. */
  isOutsider(inbound: Inbound): Promise<boolean>;
  /** Whether they may look and change nothing. False when Teams does not say. Never throws. */
  isGuest(inbound: Inbound): Promise<boolean>;
};

/** Who was made a member a moment ago asks again; nobody presses buttons for hours. */
const KNOWN_FOR_MS = 10 * 60_000;
const MOST_KNOWN = 5000;

/** @param isOurs whether an organization is of the account that an activity was taken for */
export function createMembership({
  connector,
  isOurs,
  clock,
  log,
}: {
  readonly connector: Pick<Connector, 'member'>;
  readonly isOurs: (tenant: string, inbound: Inbound) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}): Membership {
  const known = new Map<string, { readonly standing: Standing; readonly until: number }>();

  return {
    async isOutsider(inbound) {
      if (isEvidentOutsider(inbound)) return true;
      // Nobody can be in a chat with the bot who has no account: only in meetings are people anonymous, and only in groups are there others.
      return scopeOf(inbound.activity) !== 'personal' && (await standingOf(inbound)) === 'outsider';
    },
    isGuest: async (inbound) => (await standingOf(inbound)) === 'guest',
  };

  /** By what the activity itself says. */
  function isEvidentOutsider(inbound: Inbound): boolean {
    const { from } = inbound.activity;
    if (isAnonymous(from.userRole) || /^8:(?:anon|teamsvisitor):/i.test(from.id)) return true;
    return [...tenantsOf(inbound.activity), ...(from.tenantId ? [from.tenantId] : [])].some((tenant) => !isOurs(tenant, inbound));
  }

  async function standingOf(inbound: Inbound): Promise<Standing> {
    const { serviceUrl, conversation, from } = inbound.activity;
    const place = rootOf(conversation.id);
    const key = `${place} ${from.id}`;
    const now = clock.now().getTime();
    const remembered = known.get(key);
    // A clock that was set back makes nothing last for longer.
    if (remembered !== undefined && remembered.until > now && remembered.until - now <= KNOWN_FOR_MS) return remembered.standing;
    const answer = await connector.member({ serviceUrl, conversation: place, user: from.id });
    if (!answer.ok) {
      log.debug({ reason: classifyFailure(answer.error).reason }, 'Teams does not say who somebody is');
      return from.aadObjectId === null ? 'outsider' : 'member';
    }
    const { userRole, tenantId } = answer.value;
    const isUnknown = from.aadObjectId === null && userRole === null;
    const isForeign = tenantId !== null && tenantId !== '' && !isOurs(tenantId, inbound);
    const standing =
      isUnknown || isForeign || isAnonymous(userRole) ? 'outsider' : userRole?.toLowerCase() === 'guest' ? 'guest' : 'member';
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, { standing, until: now + KNOWN_FOR_MS });
    return standing;
  }
}

function isAnonymous(role: string | null | undefined): boolean {
  return role?.toLowerCase() === 'anonymous';
}
