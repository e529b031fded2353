import type { DeliveryAction, DeliveryStatus } from './delivery.ts';
import type { Snapshot } from './notification.ts';
import type { DestinationAddress } from './route.ts';
import { claimDecision } from '../time/schedule.ts';

/** A delivery that waits, with what decides whether and how it is still worth sending. */
export type WaitingDelivery = {
  readonly id: string;
  readonly action: DeliveryAction;
  readonly snapshot: Snapshot;
  /** The destination that is off and should have got it. */
  readonly originalDestination: DestinationAddress | null;
  /** The alert it speaks of, as it stands now; null when it speaks of none. */
  readonly alert: { readonly id: string; readonly open: boolean } | null;
  /** It was held, and something newer of the same alert was posted there meanwhile. */
  readonly overtaken: boolean;
  /** The delivery whose message it edits or replies to; null for a post, or when that is gone. */
  readonly target: {
    readonly id: string;
    readonly status: DeliveryStatus;
    readonly messageRef: string | null;
    /** All that was posted as that one message, as each was said last: more than one when it is a summary. */
    readonly members: readonly { readonly deliveryId: string; readonly snapshot: Snapshot }[];
  } | null;
  /** Those that were last tried as one message share this. */
  readonly groupId: string | null;
  /** An earlier attempt may have landed. */
  readonly inDoubt: boolean;
};

/** What a kind of destination can do with a message that stands there. */
export type Capabilities = { readonly edit: boolean; readonly reply: boolean };

/** Where a message goes: on its own, over one that stands there, or under it. */
export type Place = { readonly kind: 'new' } | { readonly kind: 'edit' | 'reply'; readonly messageRef: string };

export type DeliveryPlan<D> =
  | { readonly step: 'drop'; readonly deliveries: readonly D[]; readonly reason: string }
  /** `snapshots`: what the message says, in one. */
  | { readonly step: 'send'; readonly members: readonly D[]; readonly place: Place; readonly snapshots: readonly Snapshot[] };

/**
 * What to do next with what waits at one destination, in order. What is outdated is dropped, never changed; alerts that
 * wait together go out as one summary, in which each alert speaks once.
 *
 * @param queue not empty, oldest first; all of it may go out now
 */
export function planNext<D extends WaitingDelivery>(queue: readonly D[], can: Capabilities, now: Date): DeliveryPlan<D> {
  const [head] = queue;
  if (!head) throw new Error('nothing waits');
  // Whatever may stand there already is settled first, in the very same company.
  if (head.inDoubt) return send(head.groupId === null ? [head] : queue.filter((one) => one.groupId === head.groupId), placeOf(head) ?? NEW);
  if (head.action !== 'post') return planAbout(head, can);
  if (isOldDigest(head, now)) return { step: 'drop', deliveries: [head], reason: 'a digest that old would be taken for the current one' };
  // An edit or a reply among them does not part them: what it is about is posted by then, or never.
  const waiting = queue.filter((one) => one.action === 'post');
  const posts = leading(waiting, (one) => one.alert !== null && !one.inDoubt && sameMeaning(one, head));
  if (posts.length === 0) return send([head], NEW);
  const over = posts.filter((one) => one.alert?.open === false);
  if (over.length > 0) return { step: 'drop', deliveries: over, reason: 'it had resolved before it could be posted' };
  const overtaken = posts.filter((one) => one.overtaken);
  if (overtaken.length > 0) return { step: 'drop', deliveries: overtaken, reason: 'something newer of the same alert stands there' };
  const outdated = posts.filter((one, index) => posts.slice(index + 1).some((later) => later.alert?.id === one.alert?.id));
  if (outdated.length > 0) return { step: 'drop', deliveries: outdated, reason: 'something newer of the same alert was waiting with it' };
  return send(posts, NEW);
}

const NEW: Place = { kind: 'new' };

/** An edit or a reply: only where its message stands, and in the nearest way that the platform knows. */
function planAbout<D extends WaitingDelivery>(one: D, can: Capabilities): DeliveryPlan<D> {
  const place = placeOf(one);
  if (place === null) return { step: 'drop', deliveries: [one], reason: 'the message it is about was never posted' };
  if (one.action === 'reply')
    return can.reply ? send([one], place) : { step: 'drop', deliveries: [one], reason: 'this kind of destination has no replies' };
  if (can.edit) return send([one], place);
  // Where nothing can be edited, what is news is said on its own.
  return isNews(one.snapshot) ? send([one], NEW) : { step: 'drop', deliveries: [one], reason: 'the message cannot be edited' };
}

/** What changed for people, and not only who looks after it. */
function isNews(snapshot: Snapshot): boolean {
  if (snapshot.kind === 'staleness' || snapshot.kind === 'destination-disabled') return snapshot.change === 'back';
  return snapshot.kind === 'alert' && (snapshot.change === 'recovered' || snapshot.change === 'updated');
}

function send<D extends WaitingDelivery>(members: readonly D[], place: Place): DeliveryPlan<D> {
  return {
    step: 'send',
    members,
    place,
    snapshots: members.flatMap((one) => (place.kind === 'edit' ? wholeMessage(one) : [one.snapshot])),
  };
}

/** An edit of a summary says again what it said of the others. */
function wholeMessage({ snapshot, target }: WaitingDelivery): readonly Snapshot[] {
  if (target === null || target.members.length < 2) return [snapshot];
  return target.members.map((member) => (member.deliveryId === target.id ? snapshot : member.snapshot));
}

function placeOf({ action, target }: WaitingDelivery): Place | null {
  if (action === 'post') return NEW;
  if (target === null || target.status !== 'sent' || target.messageRef === null) return null;
  return { kind: action, messageRef: target.messageRef };
}

function isOldDigest({ snapshot }: WaitingDelivery, now: Date): boolean {
  return snapshot.kind === 'digest' && claimDecision(snapshot.dueAt, now) === 'skipped';
}

/** What was meant for another destination says so, and only that. */
function sameMeaning({ originalDestination: a }: WaitingDelivery, { originalDestination: b }: WaitingDelivery): boolean {
  return a?.kind === b?.kind && a?.address === b?.address;
}

function leading<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  const end = items.findIndex((item) => !test(item));
  return end === -1 ? items : items.slice(0, end);
}
