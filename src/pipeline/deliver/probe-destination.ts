import type { Messenger, ProbeDestination } from '../../ports/outbound/messenger.ts';

/** Creates the probe, which posts directly and not through the queue, because a person waits for the result. */
export function createDestinationProbe({
  messengers,
  newId,
}: {
  readonly messengers: () => readonly Messenger[];
  readonly newId: () => string;
}): ProbeDestination {
  return async ({ kind, address }, message) => {
    const messenger = messengers().find((one) => one.kind === kind);
    if (!messenger?.answersElsewhere) return null;
    return messenger.send({ address, place: { kind: 'new' }, message, severity: null, deliveryId: newId(), possibleDuplicate: false });
  };
}
