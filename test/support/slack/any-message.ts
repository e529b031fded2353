import { array, constantFrom, date, double, integer, oneof, option, record, string, tuple, type Arbitrary } from 'fast-check';
import type { Chart } from '../../../src/core/text/chart.ts';
import type { Button, Message } from '../../../src/core/text/message.ts';
import type { RichText, Span } from '../../../src/core/text/rich-text.ts';

const anyText = oneof(
  string({ unit: 'binary' }),
  constantFrom(
    '',
    ' ',
    '\n',
    '*<!channel>* & <x|y>',
    '${x}',
    '\u202E',
    '\u202E'.repeat(3000),
    '<@U0AB12CD3>',
    '👨‍👩‍👧‍👦'.repeat(500),
    'Ω'.repeat(20_000),
    '"\\'.repeat(4000),
    '&'.repeat(10_000),
    '\uD83D',
  ),
  tuple(string({ unit: 'binary', minLength: 1, maxLength: 5 }), integer({ min: 1, max: 4000 })).map(([text, times]) => text.repeat(times)),
);
const anySpan: Arbitrary<Span> = oneof(
  record({ span: constantFrom('text' as const, 'strong' as const, 'code' as const), text: anyText }),
  record({
    span: constantFrom('moment' as const),
    at: date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: false }),
    show: constantFrom('time' as const, 'lately' as const, 'when' as const),
  }),
  record({
    span: constantFrom('mention' as const),
    person: record({ platform: constantFrom('slack', 'teams', 'none'), id: oneof(anyText, constantFrom('U0AB12CD3')) }),
  }),
);
const anyRichText: Arbitrary<RichText> = array(anySpan, { maxLength: 8 });

const anyChart: Arbitrary<Chart> = record({
  title: anyText,
  shape: constantFrom('line' as const, 'bar' as const),
  categories: array(anyText, { maxLength: 25 }),
  series: array(record({ name: anyText, values: array(oneof(double(), constantFrom(null, 0, 1_500_000_000)), { maxLength: 25 }) }), {
    maxLength: 8,
  }),
});
const anyButton: Arbitrary<Button> = record({
  action: constantFrom('acknowledge' as const, 'snooze' as const, 'show' as const),
  label: anyText,
  value: anyText,
  primary: option(constantFrom(true as const), { nil: undefined }),
}).map(({ primary, ...rest }) => ({ ...rest, ...(primary && { primary }) }));

/** Anything that could be said, and much that never will be. */
export const anyMessage: Arbitrary<Message> = record({
  summary: anyRichText,
  title: anyRichText,
  lines: array(anyRichText, { maxLength: 12 }),
  footer: option(anyRichText, { nil: undefined }),
  chart: option(anyChart, { nil: undefined }),
  verbatim: option(anyText, { nil: undefined }),
  buttons: option(array(anyButton, { maxLength: 30 }), { nil: undefined }),
}).map(({ footer, chart, verbatim, buttons, ...rest }) => ({
  ...rest,
  ...(footer && { footer }),
  ...(chart && { chart }),
  ...(verbatim !== undefined && { verbatim }),
  ...(buttons && { buttons }),
}));
