import type { Snapshot } from './notification.ts';
import { isDirect, type DestinationAddress } from './route.ts';
import { SOMEBODY, type Person } from '../text/person.ts';

type Deed = { readonly by: Person };

/** Replaces the people to be forgotten in a snapshot with `somebody`; returns the same object if it names none of them. */
export function anonymize(snapshot: Snapshot, isTheirs: (person: Person) => boolean): Snapshot {
  switch (snapshot.kind) {
    case 'alert': {
      const { acknowledged, requested, snoozed } = snapshot;
      return names(acknowledged) || names(requested) || names(snoozed)
        ? { ...snapshot, acknowledged: unnamed(acknowledged), requested: unnamed(requested), snoozed: unnamed(snoozed) }
        : snapshot;
    }
    case 'presumed-reset':
      return names(snapshot.answer) ? { ...snapshot, answer: unnamed(snapshot.answer) } : snapshot;
    case 'request':
      return unnamed(snapshot);
    case 'permission-request': {
      const { by, place } = unnamed(snapshot);
      const isTheirPlace = place !== null && isOfTheirs(place);
      return by === snapshot.by && !isTheirPlace
        ? snapshot
        : { ...snapshot, by, place: isTheirPlace ? { ...place, address: SOMEBODY.id } : place };
    }
    case 'digest':
      return snapshot.meters.some(({ acknowledgedBy: by }) => by !== null && isTheirs(by))
        ? {
            ...snapshot,
            meters: snapshot.meters.map((one) =>
              one.acknowledgedBy !== null && isTheirs(one.acknowledgedBy) ? { ...one, acknowledgedBy: SOMEBODY } : one,
            ),
          }
        : snapshot;
    case 'destination-disabled':
      return isOfTheirs(snapshot.place) ? { ...snapshot, place: { ...snapshot.place, address: SOMEBODY.id } } : snapshot;
    case 'undelivered': {
      const messages = snapshot.messages.map((one) => ({
        ...one,
        place: isOfTheirs(one.place) ? { ...one.place, address: SOMEBODY.id } : one.place,
        said: one.people.filter(isTheirs).reduce((said, { id }) => said.replaceAll(`@${id}`, SOMEBODY.id), one.said),
        people: one.people.some(isTheirs) ? one.people.filter((person) => !isTheirs(person)) : one.people,
      }));
      const isSame = messages.every(({ place, people }, index) => {
        const before = snapshot.messages[index];
        return before?.place === place && before.people === people;
      });
      return isSame ? snapshot : { ...snapshot, messages };
    }
    case 'staleness':
    case 'source-problem':
    case 'key-expiry':
    case 'period-statement':
    case 'paste-reminder':
    case 'welcome':
    case 'test':
      return snapshot;
  }

  function names(deed: Deed | null): deed is Deed {
    return deed !== null && isTheirs(deed.by);
  }

  function unnamed<T extends Deed | null>(deed: T): T {
    return names(deed) ? { ...deed, by: SOMEBODY } : deed;
  }

  function isOfTheirs(place: DestinationAddress): boolean {
    return isDirect(place) && isTheirs({ platform: place.kind, id: place.address });
  }
}
