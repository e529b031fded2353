import type { MayChange } from '../../core/text/person.ts';
import type { Message } from '../../core/text/message.ts';
import { FOR_MEMBERS, WHO_UNKNOWN } from '../../messages/replies/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { rootOf, tenantsOf } from './activity.ts';
import type { Connector } from '../api/connector.ts';
import type { Inbound } from './endpoint.ts';
import { classifyFailure, codesIn, type CallFailure } from '../api/errors.ts';

/**
 * The role of a sender, by Teams.
 *
 * - `member`: in an organization that the account serves
 * - `guest`: in its directory as a guest, who may read but not change anything
 * - `outsider`: in another organization, or an anonymous participant of a meeting, who may do neither
 * - `unknown`: Teams does not answer now, so the sender may do neither until it does
 */
type Role = 'member' | 'guest' | 'outsider' | 'unknown';

export type Membership = {
  /**
   * Resolves to the reply for a person who may not even read, or to null for one who may. It is checked in a chat with the bot too, because
   * people of other organizations can be in one. Never throws.
   */
  refused(inbound: Inbound): Promise<Message | null>;
  /** Returns whether the person may change something. Never throws. */
  mayChange(inbound: Inbound): Promise<MayChange>;
};

/** A new member has to wait this long at most. Roles are kept for a short time, because a person rarely clicks for hours. */
const KNOWN_FOR_MS = 10 * 60_000;
const MOST_KNOWN = 5000;

/**
 * Creates the membership check.
 *
 * @param isOurs returns whether an organization belongs to the account of an activity
 */
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
  const known = new Map<string, { readonly role: Exclude<Role, 'unknown'>; readonly until: number }>();

  return {
    async refused(inbound) {
      const role = await rolesOf(inbound);
      if (role === 'unknown') return WHO_UNKNOWN;
      return role === 'outsider' ? FOR_MEMBERS : null;
    },
    async mayChange(inbound) {
      const role = await rolesOf(inbound);
      return role === 'member' ? 'yes' : role;
    },
  };

  /** Whether the activity itself shows that the sender is an outsider. */
  function isEvidentOutsider(inbound: Inbound): boolean {
    const { from } = inbound.activity;
    if (isAnonymous(from.userRole) || /^8:(?:anon|teamsvisitor):/i.test(from.id)) return true;
    return [...tenantsOf(inbound.activity), ...(from.tenantId ? [from.tenantId] : [])].some((tenant) => !isOurs(tenant, inbound));
  }

  async function rolesOf(inbound: Inbound): Promise<Role> {
    if (isEvidentOutsider(inbound)) return 'outsider';
    const { serviceUrl, conversation, from } = inbound.activity;
    const place = rootOf(conversation.id);
    const key = `${place} ${from.id}`;
    const now = clock.now().getTime();
    const remembered = known.get(key);
    // Limits the time in case the clock was set back.
    if (remembered !== undefined && remembered.until > now && remembered.until - now <= KNOWN_FOR_MS) return remembered.role;
    const answer = await connector.member({ serviceUrl, conversation: place, user: from.id });
    if (!answer.ok) {
      log.debug({ reason: classifyFailure(answer.error).reason }, 'Teams member lookup failed');
      return isNotThere(answer.error) ? 'outsider' : 'unknown';
    }
    const { userRole, tenantId } = answer.value;
    const isUnknown = from.aadObjectId === null && userRole === null;
    const isForeign = tenantId !== null && tenantId !== '' && !isOurs(tenantId, inbound);
    const role = isUnknown || isForeign || isAnonymous(userRole) ? 'outsider' : userRole?.toLowerCase() === 'guest' ? 'guest' : 'member';
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, { role, until: now + KNOWN_FOR_MS });
    return role;
  }
}

/** Whether Teams does not know the ID as a member (learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context). */
function isNotThere(failure: CallFailure): boolean {
  return failure.kind === 'status' && failure.status === 404 && codesIn(failure.body).includes('MemberNotFoundInConversation');
}

function isAnonymous(role: string | null | undefined): boolean {
  return role?.toLowerCase() === 'anonymous';
}
