import type { Messenger, ProbeDestination } from '../../ports/outbound/messenger.ts';

/** Tries a place at once, beside the queue: somebody waits for the answer, and it is the one thing that is posted there now. */
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
