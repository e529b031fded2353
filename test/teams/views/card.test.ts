import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/text/message.ts';
import { code, mention, richText, strong, when } from '../../../src/core/text/rich-text.ts';
import { summaryText, teamsCard, type CardContext } from '../../../src/teams/views/card.ts';
import { cardProblems, projected, shownOn } from '../../support/teams/card-rules.ts';
import { teamsUser } from '../../support/people.ts';
import { anyCharacters } from '../../support/any-text.ts';
import { possibleDuplicateText } from '../../../src/messages/notices/possible-duplicate.ts';
import { plainRichText } from '../../../src/messages/text/plain.ts';

const ANNA = '00000000-0000-0000-0000-000000000001';
const context: CardContext = { timeZone: 'Europe/Berlin', now: new Date('2026-11-23T08:00:00Z'), names: new Map([[ANNA, 'Anna [Adams]']]) };

const message: Message = {
  summary: richText`Apollo Contacts reached 80%`,
  title: richText`🟠 ${strong('Apollo Contacts')} reached 80%`,
  lines: [richText`803,412 / 1,000,000 credits used`, richText`More: ${code('/usage apollo')}`],
  footer: richText`As of ${when(new Date('2026-11-22T23:05:00Z'))}`,
  buttons: [
    { action: 'acknowledge', label: "I'm on it", value: 'alert-1', primary: true },
    { action: 'snooze', label: 'Snooze', value: 'alert-1' },
  ],
};

describe('a card', () => {
  it('says the words in order, in the account’s time zone, with the severity’s colour behind the title', () => {
    const card = teamsCard(message, { ...context, severity: 'warning' });
    expect(cardProblems(card)).toEqual([]);
    expect(shownOn(card)).toBe('🟠 Apollo Contacts reached 80%\n803,412 / 1,000,000 credits used\nMore: /usage apollo\nAs of 00:05');
    expect(card.body[0]).toMatchObject({ type: 'Container', style: 'warning' });
    expect(teamsCard(message, { ...context, severity: 'critical' }).body[0]).toMatchObject({ style: 'attention' });
    expect(teamsCard(message, context).body[0]).toMatchObject({ type: 'RichTextBlock' });
  });

  it('carries universal actions that older clients submit, and never asks for a refresh by itself', () => {
    const data = { creditwatch: 'press', action: 'acknowledge', value: 'alert-1' };
    const card = teamsCard(message, context);
    expect(card.actions?.[0]).toEqual({
      type: 'Action.Execute',
      title: "I'm on it",
      style: 'positive',
      verb: 'acknowledge',
      data,
      fallback: { type: 'Action.Submit', title: "I'm on it", style: 'positive', data },
    });
    expect(card.refresh?.userIds).toEqual([]);
  });

  it('says that it may be a repeat, only when it may be one', () => {
    expect(shownOn(teamsCard(message, { ...context, possibleDuplicate: true }))).toContain(
      plainRichText(possibleDuplicateText('Teams'), context),
    );
    expect(shownOn(teamsCard(message, context))).not.toContain('repeat');
  });

  it('mentions people in a text block, with everything escaped that could be Markdown', () => {
    const card = teamsCard({ ...message, title: richText`${strong('*x* [a](b)')} is used up ${mention(teamsUser(ANNA))}` }, context);
    expect(cardProblems(card)).toEqual([]);
    expect(card.body[0]).toMatchObject({ type: 'TextBlock', text: '**\\*x\\* \\[a\\]\\(b\\)** is used up <at>Anna [Adams]</at>' });
    expect(card.msteams?.entities).toEqual([
      { type: 'mention', text: '<at>Anna [Adams]</at>', mentioned: { id: ANNA, name: 'Anna [Adams]' } },
    ]);
  });

  it('of 200 meters says how many more there are, and keeps what stands last', () => {
    const lines = Array.from(
      { length: 200 },
      (_unused, index) => richText`🟢 ${strong(`Meter ${String(index)} ${'für '.repeat(20)}`)}  494,936 / 1,000,000,000 visitors used`,
    );
    const card = teamsCard({ ...message, lines: [...lines, richText`All green meters last until 1 Dec.`] }, context);
    expect(cardProblems(card)).toEqual([]);
    const shown = shownOn(card).split('\n');
    const more = Number(/^\+(\d+) more$/m.exec(shown.join('\n'))?.[1]);
    expect(shown.filter((line) => line.startsWith('🟢')).length + more).toBe(200);
    expect(shown).toContain('All green meters last until 1 Dec.');
  });

  const chart = {
    title: 'Used a day',
    shape: 'line' as const,
    categories: ['21 Nov', '22 Nov'],
    series: [
      { name: 'Used', values: [45_700, null] },
      { name: 'Usual', values: [40_000, 41_000.5] },
    ],
  };

  it.each([
    ['line', 'Chart.Line'],
    ['bar', 'Chart.VerticalBar.Grouped'],
  ] as const)('draws a chart as a %s, and says the same figures where it cannot be drawn', (shape, type) => {
    const card = teamsCard({ ...message, chart: { ...chart, shape } }, context);
    expect(cardProblems(card)).toEqual([]);
    const drawn = card.body.find((element) => element.type === type);
    expect(drawn).toMatchObject({
      title: 'Used a day',
      data: [
        { legend: 'Used', values: [{ x: '21 Nov', y: 45_700 }] },
        {
          legend: 'Usual',
          values: [
            { x: '21 Nov', y: 40_000 },
            { x: '22 Nov', y: 41_000.5 },
          ],
        },
      ],
    });
    expect(shownOn(card)).toContain('Used a day\n21 Nov  Used 45,700 · Usual 40,000\n22 Nov  Usual 41,000.5');
  });

  it('leaves out of the list what lies before the first figure, and says of a day without one that there is none', () => {
    const categories = ['19 Nov', '20 Nov', '21 Nov', '22 Nov'];
    const shown = shownOn(
      teamsCard({ ...message, chart: { ...chart, categories, series: [{ name: 'Used', values: [null, 5, null, 7] }] } }, context),
    );
    expect(shown).toContain('Used a day\n20 Nov  5\n21 Nov  –\n22 Nov  7');
    expect(shown).not.toContain('19 Nov');
  });

  it('of many days names the days alone, that none is cut off, and in the title from when to when', () => {
    const days = Array.from({ length: 10 }, (_unused, index) => `${String(index + 15)} Nov`);
    const drawn = (categories: readonly string[]) =>
      teamsCard(
        { ...message, chart: { ...chart, shape: 'bar', categories, series: [{ name: 'Used', values: categories.map(() => 1) }] } },
        context,
      );
    const card = drawn(days);
    expect(card.body.find((element) => element.type === 'Chart.VerticalBar')).toMatchObject({
      title: 'Used a day, 15 Nov – 24 Nov',
      data: days.map((day) => ({ x: day.slice(0, 2), y: 1 })),
    });
    expect(shownOn(card)).toContain('15 Nov  1\n16 Nov  1');
    // Two days of one number would become one bar.
    const months = ['1 Jan', '8 Jan', '15 Jan', '22 Jan', '29 Jan', '1 Feb', '5 Feb', '12 Feb'];
    expect(drawn(months).body.find((element) => element.type === 'Chart.VerticalBar')).toMatchObject({
      title: 'Used a day',
      data: months.map((x) => ({ x, y: 1 })),
    });
  });

  it('keeps together on a narrow card what is read together', () => {
    const lines = [
      richText`379,180 / 100,000,000 lookups used · 0.3%`,
      richText`196,588 left · runs out 28 Nov – 3 Dec`,
      richText`May pause. As of ${when(new Date('2026-11-23T07:33:00Z'))}. Snoozed until 9 Dec, since 8:00 · <0.1%`,
      richText`runs out 29–30 Nov: under 1%`,
    ];
    const texts = teamsCard({ ...message, lines }, context)
      .body.flatMap((element) => (element.type === 'RichTextBlock' ? element.inlines : []))
      .map((inline) => (typeof inline === 'object' && 'text' in inline ? inline.text : ''));
    expect(texts).toEqual(
      expect.arrayContaining([
        '379,180 / 100,000,000 lookups used\u00A0·\u00A00.3%',
        '196,588 left · runs out 28\u00A0Nov\u00A0–\u00A03\u00A0Dec',
        'May pause. As\u00A0of\u00A0',
        '08:33',
        '. Snoozed until\u00A09\u00A0Dec, since\u00A08:00\u00A0·\u00A0<0.1%',
        'runs out 29–\u206030\u00A0Nov: under\u00A01%',
      ]),
    );
  });

  it('draws one series of bars as bars, in one colour', () => {
    const card = teamsCard({ ...message, chart: { ...chart, shape: 'bar', series: [{ name: 'Used', values: [1, 2] }] } }, context);
    expect(card.body.find((element) => element.type === 'Chart.VerticalBar')).toMatchObject({
      color: 'categoricalBlue',
      data: [
        { x: '21 Nov', y: 1 },
        { x: '22 Nov', y: 2 },
      ],
    });
    expect(shownOn(card)).toContain('21 Nov  1\n22 Nov  2');
  });

  it('shows text to copy as a block of code, cut when it is long', () => {
    const short = teamsCard({ ...message, verbatim: 'meter,used\napollo,1614' }, context);
    expect(short.body.find((element) => element.type === 'CodeBlock')).toMatchObject({ codeSnippet: 'meter,used\napollo,1614' });
    expect(shownOn(short)).toContain('meter,used\napollo,1614');
    const long = teamsCard({ ...message, verbatim: 'x,1234567890\n'.repeat(5000) }, context);
    expect(cardProblems(long)).toEqual([]);
    expect(shownOn(long)).toMatch(/\+\d+ more\nAs of/);
  });

  it('of any words whatever is one that Teams takes, at most 18 kB, and calls nobody', () => {
    const hostile = fc.oneof(
      anyCharacters(80),
      fc.constantFrom(
        '{{DATE(2020-01-01T00:00:00Z, SHORT)}}',
        '<at>Tom</at>',
        '\u202Eabc',
        '\uD83D',
        '',
        '\n\n',
        'x'.repeat(10_000),
        '**[a](b)**',
      ),
    );
    const phrase = hostile.map((text) => richText`${strong(text)} ${text} ${code(text)}`);
    const words = fc.record({
      summary: phrase,
      title: phrase,
      lines: fc.array(phrase, { maxLength: 60 }),
      footer: phrase,
      verbatim: hostile,
    });
    fc.assert(
      fc.property(words, (any) => {
        const card = teamsCard(any, context);
        expect(cardProblems(card)).toEqual([]);
        expect(JSON.stringify(projected(card))).not.toContain('{{');
        expect(card.msteams?.entities).toBeUndefined();
        expect(summaryText(any, context).length).toBeLessThanOrEqual(300);
      }),
      { numRuns: 150 },
    );
  });
});
