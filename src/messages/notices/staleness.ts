import { duration } from '../../core/time/duration.ts';
import { intervalText } from '../../core/time/interval.ts';
import type { SilenceSnapshot } from '../../core/notifications/notification.ts';
import { since as seenSince } from '../text/as-of.ts';
import type { Message } from '../../core/text/message.ts';
import { pasteButton } from '../forms/import.ts';
import { code, say, strong, type Phrase } from '../../core/text/rich-text.ts';
import { sentence } from '../text/polls.ts';

/** A source that sends no figures any more, or does again. For operations: what is broken, what it means, what to do. */
export function silenceWords(snapshot: SilenceSnapshot, timeZone: string): Message {
  const { source, since, at, blind, expectedWithinMs } = snapshot;
  if (snapshot.change === 'back') {
    const title = say`✅ ${strong(source)}: figures again since ${seenSince(at, timeZone)}. None came for ${duration(since, at)}.`;
    return { summary: title, title, lines: [] };
  }
  const expected =
    snapshot.everyMs === null ? `within ${duration(new Date(0), new Date(expectedWithinMs))}` : `every ${intervalText(snapshot.everyMs)}`;
  const title = say`⚪ ${strong(source)}: no figures since ${seenSince(since, timeZone)} (expected ${expected})`;
  const meters = blind === 0 ? 'Its meters are blind' : blind === 1 ? '1 meter is blind' : `${String(blind)} meters are blind`;
  const none = `no alerts from ${blind === 1 ? 'it' : 'them'}`;
  return {
    summary: title,
    title,
    lines: [say`${meters}, ${none}.`, ...remedies(snapshot)],
    ...(snapshot.sourceKind === 'import' ? { buttons: [pasteButton(source)] } : {}),
  };
}

function remedies({ source, sourceKind, problem, everyMs }: SilenceSnapshot): readonly Phrase[] {
  if (problem !== null) return [say`${sentence(problem.reason)}. ${problem.remedy}`];
  if (everyMs !== null)
    return [say`It is polled without a mistake, but what it tells does not change: ${code(`npx creditwatch try ${source}`)} shows it.`];
  if (sourceKind === 'import') return [say`Copy the vendor's usage page into a file, then: ${code('npx creditwatch import <file>')}`];
  return [say`See whether what pushes ${source} still runs, and what POST /v1/usage answers it.`];
}
