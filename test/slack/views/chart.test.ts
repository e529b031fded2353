import { describe, expect, it } from 'vitest';
import type { Chart } from '../../../src/core/text/chart.ts';
import { richText } from '../../../src/core/text/rich-text.ts';
import { figuresBlock, figuresLine } from '../../../src/slack/views/chart.ts';
import { slackView } from '../../../src/slack/views/message.ts';
import { plainLine } from '../../../src/slack/views/plain-text.ts';
import { lintMessage } from '../../support/slack/block-limits.ts';

const ENOUGH = 100_000;

const APOLLO: Chart = {
  title: 'Apollo Contacts, used',
  shape: 'line',
  categories: ['1 Nov', '8 Nov', '15 Nov'],
  series: [{ name: 'Used', values: [0, 332_000, 803_412] }],
};

/** The largest chart that core may hand over, of names that are as long as they may be. */
function largest(character: string): Chart {
  const name = (index: number) => `${character.repeat(18)}${String(index).padStart(2, '0')}`;
  return {
    title: character.repeat(50),
    shape: 'bar',
    categories: Array.from({ length: 20 }, (_, index) => name(index)),
    series: Array.from({ length: 6 }, (_, index) => ({
      name: name(index),
      values: Array.from({ length: 20 }, (_value, point) => 1_500_000_000 + point),
    })),
  };
}

describe('figures in Slack', () => {
  it('of many days name each month once, so that the days are not drawn into each other, unless two would be called alike', () => {
    const days = ['28 Oct', '30 Oct', '1 Nov', '3 Nov', '5 Nov', '7 Nov', '9 Nov', '11 Nov', '13 Nov'];
    const drawn = (categories: readonly string[]) =>
      figuresBlock({ ...APOLLO, categories, series: [{ name: 'Used', values: categories.map(() => 1) }] }, 'chart', ENOUGH);
    expect(drawn(days)).toMatchObject({
      chart: { axis_config: { categories: ['28 Oct', '30', '1 Nov', '3', '5', '7', '9', '11', '13'] } },
    });
    const twins = ['1 Oct', '8 Oct', '15 Oct', '22 Oct', '29 Oct', '5 Nov', '8 Nov', '15 Nov', '22 Nov'];
    expect(drawn(twins)).toMatchObject({ chart: { axis_config: { categories: twins } } });
  });

  it('are drawn, each point named like its category', () => {
    expect(figuresBlock(APOLLO, 'chart', ENOUGH)).toEqual({
      type: 'data_visualization',
      title: 'Apollo Contacts, used',
      chart: {
        type: 'line',
        series: [
          {
            name: 'Used',
            data: [
              { label: '1 Nov', value: 0 },
              { label: '8 Nov', value: 332_000 },
              { label: '15 Nov', value: 803_412 },
            ],
          },
        ],
        axis_config: { categories: ['1 Nov', '8 Nov', '15 Nov'] },
      },
    });
  });

  it('are the same numbers in a table where a workspace takes no charts', () => {
    const raw = (...texts: string[]) => texts.map((text) => ({ type: 'raw_text', text }));
    expect(figuresBlock(APOLLO, 'table', ENOUGH)).toEqual({
      type: 'table',
      column_settings: [{ align: 'left' }, { align: 'right' }],
      rows: [raw('Apollo Contacts, used', 'Used'), raw('1 Nov', '0'), raw('8 Nov', '332,000'), raw('15 Nov', '803,412')],
    });
  });

  it('leave a category out of the drawing where one of them is unknown, and show it as a dash in the table', () => {
    const gappy: Chart = {
      ...APOLLO,
      series: [
        { name: 'Used', values: [1, null, Number.NaN] },
        { name: 'Total', values: [2, 2] },
      ],
    };
    expect(figuresBlock(gappy, 'chart', ENOUGH)).toMatchObject({ chart: { axis_config: { categories: ['1 Nov'] } } });
    expect(figuresBlock(gappy, 'table', ENOUGH)).toMatchObject({
      rows: [{}, {}, [{ text: '8 Nov' }, { text: '–' }, { text: '2' }], [{ text: '15 Nov' }, { text: '–' }, { text: '–' }]],
    });
  });

  it.each([
    ['two categories are named alike', { categories: ['1 Nov', '1 Nov', '2 Nov'] }],
    [
      'two names are alike once they are cut',
      { categories: [`${'x'.repeat(30)}a${'y'.repeat(9)}`, `${'x'.repeat(30)}b${'y'.repeat(9)}`, '2 Nov'] },
    ],
    [
      'two series are named alike',
      {
        series: [
          { name: 'Used', values: [1, 2, 3] },
          { name: 'Used', values: [1, 2, 3] },
        ],
      },
    ],
    ['nothing is known at any point', { series: [{ name: 'Used', values: [] }] }],
  ])('are a table, which Slack can always read, when %s', (_what, details) => {
    const block = figuresBlock({ ...APOLLO, ...details }, 'chart', ENOUGH);
    expect(block?.type).toBe('table');
    expect(lintMessage({ text: 's', blocks: [block] })).toEqual([]);
  });

  it('are nothing when there are none', () => {
    expect(figuresBlock({ ...APOLLO, categories: [] }, 'chart', ENOUGH)).toBeNull();
    expect(figuresBlock({ ...APOLLO, series: [] }, 'table', ENOUGH)).toBeNull();
  });

  it('keep the newest points, and the first series, when there are too many', () => {
    const categories = Array.from({ length: 30 }, (_, index) => `day ${String(index + 1)}`);
    const series = Array.from({ length: 8 }, (_, index) => ({
      name: `meter ${String(index + 1)}`,
      values: categories.map((_category, point) => point + 1),
    }));
    const block = figuresBlock({ ...APOLLO, categories, series }, 'chart', ENOUGH);
    expect(block).toMatchObject({ chart: { axis_config: { categories: categories.slice(10) } } });
    expect(block).toMatchObject({
      chart: {
        series: Array.from({ length: 6 }, (_, index) => ({
          name: `meter ${String(index + 1)}`,
          data: categories.slice(10).map((label, point) => ({ label, value: point + 11 })),
        })),
      },
    });
  });

  it.each(['x', 'Ω', '<', '"'])('at their largest, named in %s, fit into a message with words and buttons, in either form', (character) => {
    const buttons = Array.from({ length: 3 }, () => ({ action: 'show' as const, label: 'Details', value: 'x'.repeat(500) }));
    for (const figuresAs of ['chart', 'table'] as const) {
      const view = slackView(
        { summary: richText`s`, title: richText`t`, lines: [richText`one`, richText`two`], chart: largest(character), buttons },
        { figuresAs },
      );
      expect(lintMessage(view)).toEqual([]);
      expect(view.blocks.map(({ type }) => type)).toEqual([
        'rich_text',
        'rich_text',
        expect.stringMatching(/^(?:data_visualization|table)$/),
        'actions',
      ]);
    }
  });

  it.each([
    ['one series by where it begins and ends', APOLLO, 'Apollo Contacts, used: 0 (1 Nov) to 803,412 (15 Nov)'],
    ['a single point by itself', { ...APOLLO, categories: ['1 Nov'] }, 'Apollo Contacts, used: 0 (1 Nov)'],
    [
      'several by how they end',
      { ...APOLLO, series: [...APOLLO.series, { name: '<Total>', values: [1, 2, 1_000_000] }] },
      'Apollo Contacts, used, 15 Nov: Used 803,412, &lt;Total&gt; 1,000,000',
    ],
  ])('are said in one line for ears: %s', (_what, chart, said) => {
    expect(plainLine(figuresLine(chart) ?? [])).toBe(said);
    expect(slackView({ summary: richText`s`, title: richText`s`, lines: [], chart }).text).toBe(`s\n${said}`);
  });
});
