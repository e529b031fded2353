import type { Shape } from '../../core/meters/answer.ts';
import { withholds, type DriftCause } from '../../core/meters/drift-cause.ts';
import type { PollProblem } from '../../core/meters/poll.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { age } from './age.ts';

const MOST_OF_EXPRESSION = 200;

/** An expression on one line, cut if it is long. */
function expressionText(expression: string): string {
  const line = expression.trim().replace(/\s+/g, ' ');
  return line.length > MOST_OF_EXPRESSION ? `${line.slice(0, MOST_OF_EXPRESSION)}…` : line;
}

/** `a number`, `a list of 6`, `text of 12 characters`: never the value. */
function shapeText({ kind, size }: Shape): string {
  switch (kind) {
    case 'nothing':
      return 'nothing';
    case 'null':
      return 'null';
    case 'number':
      return 'a number';
    case 'negative':
      return 'a negative number';
    case 'yes-no':
      return 'true or false';
    case 'text':
      return size === undefined ? 'text' : `text of ${String(size)} ${size === 1 ? 'character' : 'characters'}`;
    case 'time':
      return 'a time';
    case 'list':
      return size === undefined ? 'a list' : `a list of ${String(size)}`;
    case 'group':
      return 'a group of values';
    case 'failure':
      return 'a value that it cannot handle';
  }
}

/** What is wrong, for the meters that share a cause. */
export function causeText(cause: DriftCause, meters: readonly string[]): RichText {
  const names = richText`${strong(meters.join(', '))}`;
  switch (cause.kind) {
    case 'expression': {
      const { field, expression, before, now } = cause;
      const isMissing = now.kind === 'nothing' && (field === 'used' || field === 'remaining');
      const change = richText`${code(expressionText(expression))} (${field}) found ${shapeText(before)} before and finds ${shapeText(now)} now.`;
      return isMissing
        ? richText`${names} ${meters.length === 1 ? 'is' : 'are'} missing from the answer: ${change}`
        : richText`${names}: ${change}`;
    }
    case 'rescaled': {
      const factor = `1${'0'.repeat(Math.abs(cause.power))}`;
      const change = cause.power > 0 ? `${factor} times as much` : `a ${factor}th`;
      return richText`${names}: total and usage became ${change} at once. The vendor seems to count in another unit.`;
    }
    case 'frozen':
      return richText`${names}: no change for ${age(cause.restedMs)}. The longest time without one before was ${age(cause.longestMs)}.`;
    case 'refused':
    case 'unreadable':
      return richText`${cause.reason.charAt(0).toUpperCase()}${cause.reason.slice(1)}.`;
  }
}

/** What to do about causes of one kind of message. */
export function remedyTexts(source: string, causes: readonly DriftCause[]): readonly RichText[] {
  const [first] = causes;
  if (first?.kind === 'refused' || first?.kind === 'unreadable') return [richText`${first.remedy}`];
  const look = richText`To see the answer: ${code(`npx creditwatch try ${source}`)}.`;
  if (first?.kind === 'frozen')
    return [richText`${look} Compare it with the vendor's own page. If nobody uses these credits, there is nothing to do.`];
  const origins = causes.flatMap((cause) => ('origin' in cause && cause.origin ? [cause.origin] : []));
  const settings = [...new Set(origins.map(({ setting }) => setting))].join(', ');
  const presets = [...new Set(origins.flatMap(({ preset }) => preset ?? []))];
  const correct =
    presets.length === 0
      ? richText`${look} Then correct ${settings} in creditwatch.yml.`
      : richText`${look} The preset ${presets.join(', ')} no longer fits: update Creditwatch, or report it. Until then, set ${settings} of ${source} in creditwatch.yml.`;
  const isRescaled = causes.some(({ kind }) => kind === 'rescaled');
  return [
    correct,
    ...(isRescaled
      ? [
          richText`If the new figures are right, confirm them with any change of the expression, such as ${code('(total)')} for ${code('total')}.`,
        ]
      : []),
  ];
}

/** What becomes of the figures. */
export function consequenceText(causes: readonly DriftCause[]): RichText | null {
  const withheld = [...new Set(causes.flatMap((cause) => ('meter' in cause && withholds(cause, cause.meter) ? [cause.meter] : [])))];
  if (causes.some((cause) => cause.kind === 'refused' || cause.kind === 'unreadable'))
    return richText`Its figures stay as they were and are shown with their age. No alerts for its meters until it reports again.`;
  if (withheld.length > 0)
    return richText`The figures of ${withheld.join(', ')} stay as they were and are shown with their age, without alerts. Other meters go on.`;
  const fields = causes.flatMap((cause) => (cause.kind === 'expression' ? [cause.field] : []));
  if (fields.length === 0) return null;
  const isPeriod = fields.some((field) => field === 'periodStart' || field === 'periodEnd');
  return isPeriod ? richText`The figures still count, with the last known period.` : richText`The figures still count.`;
}

/** The problem of a poll whose answer has drifted; null if nothing is wrong with its figures. */
export function driftProblem(source: string, causes: readonly DriftCause[]): PollProblem | null {
  const wrong = causes.filter(({ kind }) => kind === 'expression' || kind === 'rescaled');
  if (wrong.length === 0) return null;
  return {
    reason: wrong.map((cause) => flat(causeText(cause, 'meter' in cause ? [cause.meter] : [])).replace(/\.$/, '')).join('; '),
    remedy: remedyTexts(source, wrong).map(flat).join(' '),
  };
}

/** The text of a rich text without instants and people. */
function flat(text: RichText): string {
  return text.map((span) => ('text' in span ? span.text : '')).join('');
}
