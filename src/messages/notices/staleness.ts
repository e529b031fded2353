import { duration } from '../text/duration.ts';
import { intervalText } from '../../core/time/interval.ts';
import type { StalenessSnapshot } from '../../core/notifications/notification.ts';
import { since as seenSince } from '../text/as-of.ts';
import type { Message } from '../../core/text/message.ts';
import { pasteButton } from '../forms/import.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { signInText } from '../text/sign-in.ts';
import { sentence } from '../text/polls.ts';

/** Tells operations that a source is stale, or sends figures again: what is broken, the consequence, and what to do. */
export function stalenessMessage(snapshot: StalenessSnapshot, timeZone: string): Message {
  const { source, since, at, notMonitored, expectedWithinMs } = snapshot;
  if (snapshot.change === 'back') {
    const title = richText`✅ ${strong(source)}: figures again since ${seenSince(at, timeZone)}. There were none for ${duration(since, at)}.`;
    return { summary: title, title, lines: [] };
  }
  const expected =
    snapshot.everyMs === null ? `within ${duration(new Date(0), new Date(expectedWithinMs))}` : `every ${intervalText(snapshot.everyMs)}`;
  const title = richText`⚪ ${strong(source)}: no figures since ${seenSince(since, timeZone)} (expected ${expected})`;
  const meters = notMonitored === 0 ? 'its meters' : notMonitored === 1 ? 'its meter' : `its ${String(notMonitored)} meters`;
  return {
    summary: title,
    title,
    lines: [richText`No alerts for ${meters} until it reports again.`, ...remedies(snapshot)],
    ...(snapshot.sourceKind === 'import' || snapshot.isCaptured ? { buttons: [pasteButton(source)] } : {}),
  };
}

function remedies({ source, sourceKind, problem, everyMs, isCaptured }: StalenessSnapshot): readonly RichText[] {
  if (problem !== null) return [richText`${sentence(problem.reason)}. ${problem.remedy}`];
  if (everyMs !== null)
    return [richText`Polling works, but the figures do not change. To see them: ${code(`npx creditwatch try ${source}`)}`];
  if (isCaptured)
    return [
      richText`${signInText(source)} in the browser that captures the usage page. If that is done, see what the extension there reports, or send the page with the bookmark.`,
    ];
  if (sourceKind === 'import') return [richText`Copy the vendor's usage page into a file, then: ${code('npx creditwatch import <file>')}`];
  return [richText`Check that the job that pushes ${source} still runs, and what POST /v1/usage answers.`];
}
