import type { DeliveryAction, DeliveryStatus } from './delivery.ts';
import type { Snapshot } from './notification.ts';

/** A delivery that waits, with what decides whether and how it is still worth sending. */
export type WaitingDelivery = {
  readonly id: string;
  readonly action: DeliveryAction;
  readonly snapshot: Snapshot;
  /** The alert it speaks of, as it stands now; null when it speaks of none. */
  readonly alert: { readonly id: string; readonly open: boolean } | null;
  /** The delivery whose message it edits or replies to; null for a post, or when that is gone. */
  readonly target: { readonly status: DeliveryStatus; readonly messageRef: string | null; readonly grouped: boolean } | null;
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
  | { readonly step: 'send'; readonly members: readonly D[]; readonly place: Place };

/**
 * What to do next with what waits at one destination, in order. What is outdated is dropped, never changed; alerts that
 * wait together go out as one summary, in which each alert speaks once.
 *
 * @param queue not empty, oldest first; all of it may go out now
 */
export function planNext<D extends WaitingDelivery>(queue: readonly D[], can: Capabilities): DeliveryPlan<D> {
  const [head] = queue;
  if (!head) throw new Error('nothing waits');
  // Whatever may stand there already is settled first, in the very same company.
  if (head.inDoubt) return { step: 'send', members: head.groupId === null ? [head] : queue.filter((one) => one.groupId === head.groupId), place: placeOf(head) ?? NEW };
  if (head.action !== 'post') return planAbout(head, can);
  const posts = leading(queue, (one) => one.action === 'post' && one.alert !== null && !one.inDoubt);
  if (posts.length === 0) return { step: 'send', members: [head], place: NEW };
  const over = posts.filter((one) => one.alert?.open === false);
  if (over.length > 0) return { step: 'drop', deliveries: over, reason: 'it had resolved before it could be posted' };
  const outdated = posts.filter((one, index) => posts.slice(index + 1).some((later) => later.alert?.id === one.alert?.id));
  if (outdated.length > 0) return { step: 'drop', deliveries: outdated, reason: 'something newer of the same alert was waiting with it' };
  return { step: 'send', members: posts, place: NEW };
}

const NEW: Place = { kind: 'new' };

/** An edit or a reply: only where its message stands, and in the nearest way that the platform knows. */
function planAbout<D extends WaitingDelivery>(one: D, can: Capabilities): DeliveryPlan<D> {
  const place = placeOf(one);
  if (place === null) return { step: 'drop', deliveries: [one], reason: 'the message it is about was never posted' };
  const news = one.snapshot.kind === 'alert' && (one.snapshot.change === 'recovered' || one.snapshot.change === 'updated');
  const send = (where: Place): DeliveryPlan<D> => ({ step: 'send', members: [one], place: where });
  if (one.action === 'reply') return can.reply ? send(place) : { step: 'drop', deliveries: [one], reason: 'this kind of destination has no replies' };
  if (can.edit && one.target?.grouped === false) return send(place);
  // A summary speaks of other alerts too. Where nothing can be edited, what is news is said on its own.
  if (news) return can.edit ? { step: 'drop', deliveries: [one], reason: 'it was said in a summary, which stays as it is' } : send(NEW);
  return { step: 'drop', deliveries: [one], reason: 'the message cannot be edited' };
}

function placeOf({ action, target }: WaitingDelivery): Place | null {
  if (action === 'post') return NEW;
  if (target === null || target.status !== 'sent' || target.messageRef === null) return null;
  return { kind: action, messageRef: target.messageRef };
}

function leading<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  const end = items.findIndex((item) => !test(item));
  return end === -1 ? items : items.slice(0, end);
}
