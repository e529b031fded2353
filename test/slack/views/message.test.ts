import { assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Meter } from '../../../src/core/meters/meter.ts';
import type { MeterLine } from '../../../src/core/status/overview.ts';
import { meterNow } from '../../support/read-store.ts';
import { overviewMessage } from '../../../src/messages/replies/overview.ts';
import { lately, mention, richText, strong, when } from '../../../src/core/text/rich-text.ts';
import { slackView, type SlackView } from '../../../src/slack/views/message.ts';
import { anyMessage } from '../../support/slack/any-message.ts';
import { lintMessage } from '../../support/slack/block-limits.ts';
import { overviewOfLines } from '../../../src/core/status/overview.ts';
import { slackUser } from '../../support/people.ts';
import { possibleDuplicateText } from '../../../src/messages/notices/possible-duplicate.ts';
import { plainRichText } from '../../../src/messages/text/plain.ts';

const REPEAT = plainRichText(possibleDuplicateText('Slack'), { timeZone: 'UTC', now: new Date(0) });

const EVIL = '*<!channel>* & <x|y>';

/** All that people read in the blocks, as if it were one text. */
function read(view: SlackView): string {
  return richTexts(view)
    .map((elements) => elements.map((element) => (element.type === 'text' ? element.text : `{${element.type}}`)).join(''))
    .join('\n');
}

function richTexts({ blocks }: SlackView) {
  return blocks.flatMap((block) =>
    block.type === 'rich_text' ? [block.elements.flatMap((part) => (part.type === 'rich_text_section' ? part.elements : []))] : [],
  );
}

describe("a message in Slack's shape", () => {
  it('has a title, lines and small print in blocks of their own, and all of it as text beside them', () => {
    const view = slackView({
      summary: richText`Apollo reached 80%`,
      title: richText`🟠 ${strong('Apollo')} reached 80%`,
      lines: [richText`one`, richText`two`],
      footer: richText`small print`,
    });
    expect(view).toEqual({
      text: 'Apollo reached 80%\n🟠 Apollo reached 80%\none\ntwo\nsmall print',
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: '🟠 ' },
                { type: 'text', text: 'Apollo', style: { bold: true } },
                { type: 'text', text: ' reached 80%' },
              ],
            },
          ],
        },
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'one' },
                { type: 'text', text: '\n' },
                { type: 'text', text: 'two' },
              ],
            },
          ],
        },
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'small print', style: { italic: true } }] }],
        },
      ],
    });
  });

  it('does not say in its text twice what summary and title both say', () => {
    expect(slackView({ summary: richText`All fine`, title: richText`${strong('All')} fine`, lines: [] }).text).toBe('All fine');
  });

  it('shows a moment in the zone of whoever reads it, and in UTC where that cannot be', () => {
    const view = slackView({
      summary: richText`s`,
      title: richText`${when(new Date('2026-11-23T08:00:00.999Z'))} ${lately(new Date('2026-12-01T00:00:00Z'))}`,
      lines: [],
    });
    expect(richTexts(view)[0]).toEqual([
      { type: 'date', timestamp: 1_795_420_800, format: '{date_pretty} {time}', fallback: '23 Nov 08:00 UTC' },
      { type: 'text', text: ' ' },
      { type: 'date', timestamp: 1_796_083_200, format: '{date_pretty} {time}', fallback: '1 Dec 00:00 UTC' },
    ]);
  });

  it.each(['summary', 'title', 'lines', 'footer'])(`shows a meter named ${EVIL} literally in the %s, and pings nobody`, (place) => {
    const phrase = richText`${strong(EVIL)} and ${EVIL}`;
    const plain = { summary: richText`s`, title: richText`t`, lines: [richText`l`] };
    const view = slackView({ ...plain, [place]: place === 'lines' ? [phrase] : phrase });
    const shown = '*&lt;!channel&gt;* &amp; &lt;x|y&gt;';
    expect(view.text).toContain(`${shown} and ${shown}`);
    expect(view.text).not.toMatch(/<[!|@#]/);
    expect(read(view).includes(`${EVIL} and ${EVIL}`)).toBe(place !== 'summary');
    expect(JSON.stringify(view.blocks)).not.toMatch(/"type":"(?!rich_text|rich_text_section|text")/);
    expect(lintMessage(view)).toEqual([]);
  });

  it('mentions whom Slack can mention, and names the others', () => {
    const view = slackView({
      summary: richText`s`,
      title: richText`${mention(slackUser('U0AB12CD3'))} ${mention(slackUser('anna@example.com'))}`,
      lines: [],
    });
    expect(richTexts(view)[0]).toEqual([
      { type: 'user', user_id: 'U0AB12CD3' },
      { type: 'text', text: ' ' },
      { type: 'text', text: '@anna@example.com' },
    ]);
  });

  it('says of a possible repeat that it may be one, to eyes and ears', () => {
    const view = slackView({ summary: richText`s`, title: richText`t`, lines: [], footer: richText`f` }, { possibleDuplicate: true });
    expect(view.text).toBe(`s\nt\nf\n${REPEAT}`);
    expect(read(view)).toBe(`t\nf\n${REPEAT}`);
  });

  it('keeps its beginning and its end when the lines are too many, and counts what is missing between them', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => richText`line ${String(index + 1)}`);
    const view = slackView({ summary: richText`s`, title: richText`t`, lines, footer: richText`f` }, { possibleDuplicate: true });
    for (const said of [view.text, read(view)]) {
      const missing = Number(/… (\d+) more lines do not fit here\./.exec(said)?.[1]);
      expect(said).toContain(
        `line ${String(998 - missing)}\n… ${String(missing)} more lines do not fit here.\nline 999\nline 1000\nf\n${REPEAT}`,
      );
    }
    expect(lintMessage(view)).toEqual([]);
  });

  it('is never empty: Slack refuses a message without text', () => {
    const view = slackView({ summary: [], title: [], lines: [] });
    expect(view.text).toBe('…');
    expect(lintMessage(view)).toEqual([]);
  });

  it('of any words whatever passes all limits of Slack, has text, and has no markup in it but mentions', () => {
    assert(
      property(
        anyMessage,
        constantFrom(true, false),
        constantFrom('chart' as const, 'table' as const),
        (message, possibleDuplicate, figuresAs) => {
          const view = slackView(message, { possibleDuplicate, figuresAs });
          expect(lintMessage(view)).toEqual([]);
          expect(view.text.replaceAll(/<@[UW][A-Z0-9]+>/g, '')).not.toMatch(/[<>]/);
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe('the overview in Slack', () => {
  const overview = (lines: readonly MeterLine[]) =>
    slackView(
      overviewMessage(overviewOfLines(lines), { timeZone: 'UTC', subscribeWith: '/usage subscribe', invokedAs: '/usage', canShare: true }),
    );

  it.each([
    ['with bars', 900n, 20],
    ['without bars', 1n, 40],
  ])('of 200 meters %s fits into one message and says how many more there are', (_what, used, shown) => {
    const view = overview(Array.from({ length: 200 }, (_, index) => line(`Meter number ${String(index)}`, used)));
    expect(lintMessage(view)).toEqual([]);
    expect(view.blocks.length).toBeLessThanOrEqual(50);
    for (const said of [view.text.replaceAll('&lt;', '<').replaceAll('&gt;', '>'), read(view)]) {
      expect(said.match(/credits used/g)).toHaveLength(shown);
      expect(said).toContain(`\n+${String(200 - shown)} more: /usage <meter>\n`);
    }
  });

  it('of 200 meters with endless names still says how many more there are, and that lines are missing', () => {
    const view = overview(Array.from({ length: 200 }, () => line(`${EVIL} ${'Ω'.repeat(10_000)}`, 900n)));
    expect(lintMessage(view)).toEqual([]);
    expect(read(view)).toMatch(/\n… \d+ more lines do not fit here\.\n\+180 more: \/usage <meter>\nNo channel gets alerts yet/);
  });

  it.each([
    [20, 900n],
    [40, 1n],
  ])('of %s meters leaves none out', (count, used) => {
    const view = overview(Array.from({ length: count }, (_, index) => line(`Meter number ${String(index)}`, used)));
    expect(read(view).match(/credits used/g)).toHaveLength(count);
    expect(read(view)).not.toContain(' more');
  });
});

function line(label: string, used: bigint): MeterLine {
  const meter: Meter = {
    id: label,
    account: 'default',
    source: 'push',
    key: 'key',
    label,
    unit: 'credits',
    decimals: 0,
    aliases: [],
    owner: null,
    consequence: null,
    resets: true,
  };
  const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
  const reading = { used, total: 1000n, observedAt: new Date('2026-11-23T08:00:00Z'), period };
  return { ...meterNow({ meter, reading }), severity: null, freshness: 'current', ageMs: 0, forecast: { kind: 'none', why: 'too-early' } };
}
