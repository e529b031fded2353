import { describe, expect, it } from 'vitest';
import { richText } from '../../../src/core/text/rich-text.ts';
import { slackView } from '../../../src/slack/views/message.ts';
import { lintMessage } from '../../support/slack/block-limits.ts';
import { shownText } from '../../support/slack/connected.ts';

function viewOf(verbatim: string, lines: string[] = []) {
  return slackView({
    summary: richText`s`,
    title: richText`t`,
    lines: lines.map((line) => richText`${line}`),
    footer: richText`f`,
    verbatim,
  });
}

describe('text to copy in Slack', () => {
  it('stands in a fixed-width block of its own, line by line, in one piece', () => {
    expect(viewOf('meter,used\napollo,1\n\n*<!channel>* & <x|y>').blocks[1]).toEqual({
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'meter,used\napollo,1\n\n*<!channel>* & <x|y>' }] }],
    });
  });

  it('that is too long keeps its beginning and end and counts the lines between, and the words before it stay whole', () => {
    const csv = Array.from({ length: 2000 }, (_, index) => `apollo_contacts,${String(index)}`).join('\n');
    const view = viewOf(
      csv,
      Array.from({ length: 20 }, (_, index) => `line ${String(index)}`),
    );
    expect(lintMessage(view)).toEqual([]);
    expect(shownText(view.blocks)).toMatch(
      /line 19[^]*apollo_contacts,0\n[^]*… \d+ more lines do not fit here\.\napollo_contacts,1998\napollo_contacts,1999/,
    );
  });

  it('is not read out: it is there to be copied', () => {
    expect(viewOf('meter,used').text).toBe('s\nt\nf');
  });

  it('of nothing is left out', () => {
    expect(viewOf('').blocks).toHaveLength(2);
  });
});
