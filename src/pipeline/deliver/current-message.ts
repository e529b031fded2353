import type { DestinationKind } from '../../core/notifications/route.ts';
import { worstSeverity } from '../../core/rules/severity.ts';
import { severityOf, wordsForAll } from '../../messages/notices/notification.ts';
import type { Standing } from '../../ports/outbound/current-message.ts';
import type { StandingStore } from '../../ports/stores/read-store.ts';

/** Whoever presses a button sees at once what the message says now, before its edit has gone out to everybody. */
export function createStanding(store: StandingStore, kind: DestinationKind): Standing {
  return async (account, messageRef) => {
    const said = await store.standingAt(account, kind, messageRef);
    const [first] = said;
    if (first === undefined) return null;
    const snapshots = said.map(({ snapshot }) => snapshot);
    const message = wordsForAll(snapshots, {
      timeZone: first.timeZone,
      mentions: [...new Set(said.flatMap(({ mentions }) => mentions))],
      place: 'edit',
    });
    return { message, severity: worstSeverity(snapshots.map(severityOf)) };
  };
}
