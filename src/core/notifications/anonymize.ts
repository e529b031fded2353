import type { Snapshot } from './notification.ts';
import { SOMEBODY } from '../text/user-id.ts';

/** A mention in plain text. */
const MENTIONED = /@([\w:-]+)/g;

type Deed = { readonly by: string };

/** Replaces the people to be forgotten in a snapshot with `somebody`; returns the same object if it names none of them. */
export function anonymize(snapshot: Snapshot, isTheirs: (user: string) => boolean): Snapshot {
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
    case 'permission-request':
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
    case 'destination-disabled':
      return isTheirs(snapshot.place.address) ? { ...snapshot, place: { ...snapshot.place, address: SOMEBODY } } : snapshot;
    case 'undelivered': {
      const messages = snapshot.messages.map((one) => ({
        ...one,
        place: isTheirs(one.place.address) ? { ...one.place, address: SOMEBODY } : one.place,
        said: one.said.replaceAll(MENTIONED, (mention, user: string) => (isTheirs(user) ? SOMEBODY : mention)),
      }));
      const isSame = messages.every(({ place, said }, index) => {
        const before = snapshot.messages[index];
        return before?.place === place && before.said === said;
      });
      return isSame ? snapshot : { ...snapshot, messages };
    }
    case 'staleness':
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
}
