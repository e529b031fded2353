import type { DeliveryAction, DeliveryStatus } from './delivery.ts';
import type { Snapshot } from './notification.ts';
import type { DestinationAddress } from './route.ts';
import { claimDecision } from '../time/schedule.ts';

/** A pending delivery, with the facts that decide whether and how it is still worth sending. */
export type WaitingDelivery = {
  readonly id: string;
  readonly action: DeliveryAction;
  readonly snapshot: Snapshot;
  /** The disabled destination that it was meant for. */
  readonly originalDestination: DestinationAddress | null;
  /** Its alert in the present state; null if it has none. */
  readonly alert: { readonly id: string; readonly open: boolean } | null;
  /** It was held, and a newer message about the same alert was posted in the meantime. */
  readonly overtaken: boolean;
  /** The delivery whose message it edits or replies to; null for a post, or if that delivery no longer exists. */
  readonly target: {
    readonly id: string;
    readonly status: DeliveryStatus;
    readonly messageRef: string | null;
    /** All deliveries posted as that message, each with its latest snapshot; more than one for a summary. */
    readonly members: readonly { readonly deliveryId: string; readonly snapshot: Snapshot }[];
  } | null;
  /** Shared by the deliveries that were last attempted as one message. */
  readonly groupId: string | null;
  /** An earlier attempt may have been delivered. */
  readonly inDoubt: boolean;
};

/** What a platform can do with a posted message. */
export type Capabilities = { readonly edit: boolean; readonly reply: boolean };

/** Where a message is posted: on its own, in place of an existing message, or as a reply to it. */
export type Place = { readonly kind: 'new' } | { readonly kind: 'edit' | 'reply'; readonly messageRef: string };

/** Why a pending delivery is dropped. `newer-…`: a newer message about the same alert is posted, or pending with it. */
export type DropReason = 'digest-too-old' | 'alert-ended' | 'newer-posted' | 'newer-pending' | 'never-posted' | 'no-replies' | 'no-edits';

export type DeliveryPlan<D> =
  | { readonly step: 'drop'; readonly deliveries: readonly D[]; readonly reason: DropReason }
  /** `snapshots`: the content of the message. */
  | { readonly step: 'send'; readonly members: readonly D[]; readonly place: Place; readonly snapshots: readonly Snapshot[] };

/**
 * Returns the next step for the pending deliveries of one destination, in order. Outdated ones are dropped, never changed. Alerts that
 * are pending together are sent as one summary, in which each alert appears once.
 *
 * @param queue not empty, oldest first; all of it may be sent now
 * @throws {Error} if the queue is empty
 */
export function planNext<D extends WaitingDelivery>(queue: readonly D[], can: Capabilities, now: Date): DeliveryPlan<D> {
  const [head] = queue;
  if (!head) throw new Error('nothing is pending');
  // A delivery in doubt is settled first, with the same members as its last attempt.
  if (head.inDoubt) return send(head.groupId === null ? [head] : queue.filter((one) => one.groupId === head.groupId), placeOf(head) ?? NEW);
  if (head.action !== 'post') return planAbout(head, can);
  if (isOldDigest(head, now)) return { step: 'drop', deliveries: [head], reason: 'digest-too-old' };
  // An edit or a reply between posts does not separate them: its own message is posted by then, or never.
  const waiting = queue.filter((one) => one.action === 'post');
  const posts = leading(waiting, (one) => one.alert !== null && !one.inDoubt && hasSameOriginalDestination(one, head));
  if (posts.length === 0) return send([head], NEW);
  const over = posts.filter((one) => one.alert?.open === false);
  if (over.length > 0) return { step: 'drop', deliveries: over, reason: 'alert-ended' };
  const overtaken = posts.filter((one) => one.overtaken);
  if (overtaken.length > 0) return { step: 'drop', deliveries: overtaken, reason: 'newer-posted' };
  const outdated = posts.filter((one, index) => posts.slice(index + 1).some((later) => later.alert?.id === one.alert?.id));
  if (outdated.length > 0) return { step: 'drop', deliveries: outdated, reason: 'newer-pending' };
  return send(posts, NEW);
}

const NEW: Place = { kind: 'new' };

/** Plans an edit or a reply: only if its message exists, and in the closest way that the platform supports. */
function planAbout<D extends WaitingDelivery>(one: D, can: Capabilities): DeliveryPlan<D> {
  const place = placeOf(one);
  if (place === null) return { step: 'drop', deliveries: [one], reason: 'never-posted' };
  if (one.action === 'reply') return can.reply ? send([one], place) : { step: 'drop', deliveries: [one], reason: 'no-replies' };
  if (can.edit) return send([one], place);
  // A platform without edits gets news as a new message.
  return isNews(one.snapshot) ? send([one], NEW) : { step: 'drop', deliveries: [one], reason: 'no-edits' };
}

/** Whether a snapshot is news to people, and not only a change of who looks after an alert. */
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

/** An edit of a summary repeats its other members. */
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

/** A message that was meant for another destination says so, so it is not mixed with others. */
function hasSameOriginalDestination({ originalDestination: a }: WaitingDelivery, { originalDestination: b }: WaitingDelivery): boolean {
  return a?.kind === b?.kind && a?.address === b?.address;
}

function leading<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  const end = items.findIndex((item) => !test(item));
  return end === -1 ? items : items.slice(0, end);
}
