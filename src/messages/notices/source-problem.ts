import type { DriftCause } from '../../core/meters/drift-cause.ts';
import type { SourceProblemSnapshot } from '../../core/notifications/source-snapshots.ts';
import { topicOf, type ToldCause } from '../../core/notifications/told-causes.ts';
import { grouped } from '../../core/grouped.ts';
import type { Message } from '../../core/text/message.ts';
import { richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { age } from '../text/age.ts';
import { since } from '../text/as-of.ts';
import { causeText, consequenceText, remedyTexts } from '../text/drift.ts';

const MOST_LINES = 8;

/** Tells operations that a vendor refuses the key, or that its answers no longer mean what they meant; or that this is over. */
export function sourceProblemMessage({ source, causes }: SourceProblemSnapshot, timeZone: string): Message {
  const open = causes.filter(({ ended }) => ended === null).map(({ cause }) => cause);
  const [first] = open;
  if (first === undefined) return overMessage(source, causes, timeZone);
  const title = titleOf(source, first, open, timeZone);
  const lines = linesOf(open);
  const more = lines.length - MOST_LINES;
  const over = causes.filter(({ ended }) => ended !== null).flatMap(({ cause }) => ('meter' in cause ? [cause.meter] : []));
  const consequence = consequenceText(open);
  return {
    summary: title,
    title,
    lines: [
      ...lines.slice(0, MOST_LINES),
      ...(more > 0 ? [richText`+${String(more)} more: npx creditwatch doctor`] : []),
      ...(over.length > 0 ? [richText`✅ Over: ${[...new Set(over)].join(', ')}.`] : []),
      ...(consequence === null ? [] : [consequence]),
      ...remedyTexts(source, open),
    ],
  };
}

function titleOf(source: string, first: DriftCause, open: readonly DriftCause[], timeZone: string): RichText {
  const at = since(new Date(Math.min(...open.map((cause) => cause.since.getTime()))), timeZone);
  switch (topicOf(first)) {
    case 'refused':
      return richText`🔑 ${strong(source)}: the vendor refuses the key (since ${at})`;
    case 'answer':
      return richText`⚠️ ${strong(source)}: the vendor changed its answer (first seen ${at})`;
    case 'frozen': {
      const meters = new Set(open.flatMap((cause) => ('meter' in cause ? [cause.meter] : [])));
      return richText`⚠️ ${strong(source)}: ${meters.size === 1 ? 'a figure has' : `${String(meters.size)} figures have`} not changed since ${at}`;
    }
  }
}

/** One line for the meters that share an expression and what became of it. */
function linesOf(open: readonly DriftCause[]): readonly RichText[] {
  const alike = grouped(open, (cause) =>
    cause.kind === 'expression'
      ? JSON.stringify([cause.field, cause.expression, cause.before, cause.now])
      : JSON.stringify([cause.kind, 'meter' in cause ? cause.meter : null]),
  );
  return [...alike.values()].flatMap((causes) => {
    const [one] = causes;
    return one === undefined ? [] : [causeText(one, [...new Set(causes.flatMap((cause) => ('meter' in cause ? [cause.meter] : [])))])];
  });
}

function overMessage(source: string, causes: readonly ToldCause[], timeZone: string): Message {
  const [first] = causes;
  const lasts = causes.flatMap(({ ended }) => (ended === null ? [] : [ended.at.getTime()]));
  const at = since(new Date(Math.max(...lasts)), timeZone);
  const lasted = first === undefined ? '' : age(Math.max(...lasts) - first.cause.since.getTime());
  const meters = [...new Set(causes.flatMap(({ cause }) => ('meter' in cause ? [cause.meter] : [])))].join(', ');
  const title = causes.every(({ ended }) => ended?.why === 'removed')
    ? richText`✅ ${strong(source)}: ${meters} no longer polled since ${at}`
    : richText`✅ ${strong(source)}: ${first === undefined ? '' : overText(first.cause, meters)} since ${at}, after ${lasted}`;
  return { summary: title, title, lines: [] };
}

function overText(cause: DriftCause, meters: string): string {
  switch (topicOf(cause)) {
    case 'refused':
      return 'the key works again';
    case 'answer':
      return `the answer fits again${meters === '' ? '' : ` (${meters})`}`;
    case 'frozen':
      return `the figures change again (${meters})`;
  }
}
