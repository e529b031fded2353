import type { RenderContext } from '../text/render-context.ts';
import type { Snapshot, TestSnapshot } from '../../core/notifications/notification.ts';
import type { Severity } from '../../core/rules/severity.ts';
import { periodStatementMessage } from './period-statement.ts';
import { presumedResetMessage } from '../forms/reset-day.ts';
import { alertMessage } from '../alerts/alert.ts';
import { isOver } from '../alerts/closed-alert.ts';
import { digestMessage } from './digest.ts';
import { firstMessage } from './first-message.ts';
import { pasteReminderMessage } from './paste-reminder.ts';
import { requestNotice } from './request.ts';
import { sourceProblemMessage } from './source-problem.ts';
import { stalenessMessage } from './staleness.ts';
import { keyExpiryMessage } from './key-expiry.ts';
import { summaryMessage } from '../alerts/summary.ts';
import { permissionRequestMessage } from './permission-request.ts';
import { undeliveredMessage } from './undelivered.ts';
import { meantForText, destinationDisabledMessage } from './destination-disabled.ts';
import type { Message } from '../../core/text/message.ts';
import { richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** Words the snapshots of one message: a single snapshot by itself, several alerts as a summary. */
export function messageForAll(snapshots: readonly Snapshot[], context: RenderContext): Message {
  const [first] = snapshots;
  if (first === undefined) throw new Error('a message needs at least one snapshot');
  const message =
    snapshots.length === 1
      ? messageFor(first, context)
      : summaryMessage(
          snapshots.filter((one) => one.kind === 'alert'),
          context,
        );
  return context.originalDestination ? { ...message, lines: [...message.lines, meantForText(context.originalDestination)] } : message;
}

/** Words a stored snapshot. The message is the same for all platforms. */
export function messageFor(snapshot: Snapshot, context: RenderContext): Message {
  switch (snapshot.kind) {
    case 'alert':
      return alertMessage(snapshot, context);
    case 'staleness':
      return stalenessMessage(snapshot, context.timeZone);
    case 'source-problem':
      return sourceProblemMessage(snapshot, context.timeZone);
    case 'key-expiry':
      return keyExpiryMessage(snapshot);
    case 'period-statement':
      return periodStatementMessage(snapshot, context.timeZone);
    case 'digest':
      return digestMessage(snapshot, { timeZone: snapshot.timeZone, accountZone: context.timeZone });
    case 'presumed-reset':
      return presumedResetMessage(snapshot);
    case 'request':
      return requestNotice(snapshot, context.timeZone);
    case 'destination-disabled':
      return destinationDisabledMessage(snapshot);
    case 'undelivered':
      return undeliveredMessage(snapshot);
    case 'paste-reminder':
      return pasteReminderMessage(snapshot);
    case 'permission-request':
      return permissionRequestMessage(snapshot);
    case 'welcome':
      return firstMessage(snapshot);
    case 'test':
      return testMessage(snapshot);
  }
}

/** The first line of a message, which is also the text of its notification. */
export function headlineOf(snapshot: Snapshot, timeZone: string): RichText {
  return messageFor(snapshot, { timeZone, mentions: [], place: 'new', originalDestination: null, underSummary: false }).summary;
}

export function severityOf(snapshot: Snapshot): Severity | null {
  return snapshot.kind === 'alert' && !isOver(snapshot) ? snapshot.severity : null;
}

function testMessage({ route }: TestSnapshot): Message {
  return {
    summary: richText`Test message from Creditwatch for ${route}`,
    title: richText`🧪 ${strong('Test message from Creditwatch')}`,
    lines: [richText`Alerts of ${route} arrive here. This one is only a test: nothing to do.`],
  };
}
