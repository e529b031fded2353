import type { SilenceSnapshot } from '../notification.ts';
import type { Message } from './message.ts';
import { code, say, strong, when, type Phrase } from './phrase.ts';
import { duration } from './duration.ts';

/** A source that sends no figures any more, or does again. For operations: what is broken, what it means, what to do. */
export function silenceWords(snapshot: SilenceSnapshot): Message {
  const { source, since, at, blind, expectedWithinMs } = snapshot;
  if (snapshot.change === 'back') {
    const title = say`✅ ${strong(source)}: figures again since ${when(at)}. None came for ${duration(since, at)}.`;
    return { summary: title, title, lines: [] };
  }
  const title = say`⚪ ${strong(source)}: no figures since ${when(since)} (expected within ${duration(new Date(0), new Date(expectedWithinMs))})`;
  const meters = blind === 1 ? '1 meter is blind' : `${String(blind)} meters are blind`;
  return { summary: title, title, lines: [say`${meters}: no alerts until figures come.`, remedy(snapshot)] };
}

function remedy({ source, sourceKind }: SilenceSnapshot): Phrase {
  if (sourceKind === 'import') return say`Copy the vendor's usage page into a file, then: ${code('npx creditwatch import <file>')}`;
  return say`See whether what pushes ${source} still runs, and what POST /v1/usage answers it.`;
}
