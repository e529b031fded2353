import type { Snapshot } from './notification.ts';
import { SOMEBODY } from './user-id.ts';

type Deed = { readonly by: string };

/** The same snapshot where people of whom nothing is to be known any more are `somebody`; itself when it names none of them. */
export function withoutPeople(snapshot: Snapshot, isTheirs: (user: string) => boolean): Snapshot {
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
    case 'wish':
      return unnamed(snapshot);
    case 'digest':
      return snapshot.meters.some(({ acknowledgedBy: by }) => by !== null && isTheirs(by))
        ? {
            ...snapshot,
            meters: snapshot.meters.map((one) =>
              one.acknowledgedBy !== null && isTheirs(one.acknowledgedBy) ? { ...one, acknowledgedBy: SOMEBODY } : one,
            ),
          }
        : snapshot;
    case 'unreachable':
      return isTheirs(snapshot.place.address) ? { ...snapshot, place: { ...snapshot.place, address: SOMEBODY } } : snapshot;
    case 'silence':
    case 'closing':
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
}
