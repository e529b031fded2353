import type { Snapshot, TestSnapshot } from '../notification.ts';
import type { Severity } from '../severity.ts';
import { alertWords } from './alert.ts';
import type { Message } from './message.ts';
import { say, strong } from './phrase.ts';

/** Puts a stored snapshot into words, for whatever platform renders them. */
export function wordsFor(snapshot: Snapshot, context: { readonly timeZone: string; readonly mentions: readonly string[] }): Message {
  switch (snapshot.kind) {
    case 'alert':
      return alertWords(snapshot, context);
    case 'test':
      return testWords(snapshot);
  }
}

export function severityOf(snapshot: Snapshot): Severity | null {
  return snapshot.kind === 'alert' && snapshot.change !== 'recovered' ? snapshot.severity : null;
}

function testWords({ route }: TestSnapshot): Message {
  return {
    summary: say`Test message from Creditwatch for ${route}`,
    title: say`🧪 ${strong('Test message from Creditwatch')}`,
    lines: [say`Alerts of ${route} arrive here. This one is only a test: nothing to do.`],
  };
}
