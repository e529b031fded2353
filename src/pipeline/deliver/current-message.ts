import { worstSeverity } from '../../core/rules/severity.ts';
import { severityOf, messageForAll } from '../../messages/notices/notification.ts';
import type { CurrentMessage } from '../../ports/outbound/current-message.ts';
import type { CurrentMessageStore } from '../../ports/stores/read-store.ts';
import { uniquePeople, type PlatformId } from '../../core/text/person.ts';

/**
 * Creates the function that renders the present state of a posted message, for the person who clicked a button, before the edit reaches
 * everyone.
 */
export function createCurrentMessage(store: CurrentMessageStore, kind: PlatformId): CurrentMessage {
  return async (account, messageRef) => {
    const said = await store.currentMessageAt(account, kind, messageRef);
    const [first] = said;
    if (first === undefined) return null;
    const snapshots = said.map(({ snapshot }) => snapshot);
    const message = messageForAll(snapshots, {
      timeZone: first.timeZone,
      mentions: uniquePeople(said.flatMap(({ mentions }) => mentions)),
      place: 'edit',
    });
    return { message, severity: worstSeverity(snapshots.map(severityOf)) };
  };
}
