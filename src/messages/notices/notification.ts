import type { RenderContext } from '../text/render-context.ts';
import type { Snapshot, TestSnapshot } from '../../core/notifications/notification.ts';
import type { Severity } from '../../core/rules/severity.ts';
import { closingWords } from './period-statement.ts';
import { presumedResetWords } from '../forms/reset-day.ts';
import { alertWords } from '../alerts/alert.ts';
import { isOver } from '../alerts/closed-alert.ts';
import { digestWords } from './digest.ts';
import { firstMessage } from './first-message.ts';
import { pasteReminderWords } from './paste-reminder.ts';
import { requestNotice } from './request.ts';
import { silenceWords } from './staleness.ts';
import { summaryWords } from '../alerts/summary.ts';
import { wishWords } from './permission-request.ts';
import { undeliveredWords } from './undelivered.ts';
import { meantForPhrase, unreachableWords } from './destination-disabled.ts';
import type { Message } from '../../core/text/message.ts';
import { say, strong, type Phrase } from '../../core/text/rich-text.ts';

/** Puts what goes out together into words: one speaks for itself, several alerts make a summary. */
export function wordsForAll(snapshots: readonly Snapshot[], context: RenderContext): Message {
  const [first] = snapshots;
  if (first === undefined) throw new Error('nothing to say');
  const message =
    snapshots.length === 1
      ? wordsFor(first, context)
      : summaryWords(
          snapshots.filter((one) => one.kind === 'alert'),
          context,
        );
  return context.meantFor ? { ...message, lines: [...message.lines, meantForPhrase(context.meantFor)] } : message;
}

/** Puts a stored snapshot into words, for whatever platform renders them. */
export function wordsFor(snapshot: Snapshot, context: RenderContext): Message {
  switch (snapshot.kind) {
    case 'alert':
      return alertWords(snapshot, context);
    case 'silence':
      return silenceWords(snapshot, context.timeZone);
    case 'closing':
      return closingWords(snapshot, context.timeZone);
    case 'digest':
      return digestWords(snapshot, { timeZone: snapshot.timeZone, accountZone: context.timeZone });
    case 'presumed-reset':
      return presumedResetWords(snapshot);
    case 'request':
      return requestNotice(snapshot, context.timeZone);
    case 'unreachable':
      return unreachableWords(snapshot);
    case 'undelivered':
      return undeliveredWords(snapshot);
    case 'paste-reminder':
      return pasteReminderWords(snapshot);
    case 'wish':
      return wishWords(snapshot);
    case 'welcome':
      return firstMessage(snapshot);
    case 'test':
      return testWords(snapshot);
  }
}

/** What a message says first, and alone in a notification. */
export function headlineOf(snapshot: Snapshot, timeZone: string): Phrase {
  return wordsFor(snapshot, { timeZone, mentions: [], place: 'new', meantFor: null, underSummary: false }).summary;
}

export function severityOf(snapshot: Snapshot): Severity | null {
  return snapshot.kind === 'alert' && !isOver(snapshot) ? snapshot.severity : null;
}

function testWords({ route }: TestSnapshot): Message {
  return {
    summary: say`Test message from Creditwatch for ${route}`,
    title: say`🧪 ${strong('Test message from Creditwatch')}`,
    lines: [say`Alerts of ${route} arrive here. This one is only a test: nothing to do.`],
  };
}
