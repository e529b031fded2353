import { describe, expect, it } from 'vitest';
import type { Button } from '../../../src/core/text/message.ts';
import { richText } from '../../../src/core/text/rich-text.ts';
import { actionOf, buttonsBlock } from '../../../src/slack/views/buttons.ts';
import { slackView } from '../../../src/slack/views/message.ts';
import { lintMessage } from '../../support/slack/block-limits.ts';

const ENOUGH = 100_000;

function button(details: Partial<Button> = {}): Button {
  return { action: 'show', label: 'Details', value: 'apollo', ...details };
}

describe('the buttons of a message in Slack', () => {
  it('stand last, in the order of the message, named like their action, the main one marked', () => {
    const buttons: readonly Button[] = [
      button({ action: 'acknowledge', label: "I'm on it", value: 'alert-1', primary: true }),
      button({ action: 'snooze', label: 'Snooze', value: 'alert-1' }),
    ];
    const { blocks } = slackView({ summary: richText`s`, title: richText`t`, lines: [], footer: richText`f`, buttons });
    expect(blocks.at(-1)).toEqual({
      type: 'actions',
      elements: [
        {
          type: 'button',
          text: { type: 'plain_text', text: "I'm on it", emoji: false },
          action_id: 'acknowledge',
          value: 'alert-1',
          style: 'primary',
        },
        { type: 'button', text: { type: 'plain_text', text: 'Snooze', emoji: false }, action_id: 'snooze', value: 'alert-1' },
      ],
    });
  });

  it('have an action_id each when an action comes twice, and the action is read from it again', () => {
    const ids = buttonsBlock(
      [button(), button({ value: 'campaigns' }), button({ action: 'share', value: '' }), button({ value: '' })],
      ENOUGH,
    )?.elements.map((one) => one.action_id);
    expect(ids).toEqual(['show', 'show.2', 'share', 'show.3']);
    expect(ids?.map((id) => actionOf(id ?? ''))).toEqual(['show', 'show', 'share', 'show']);
  });

  it.each([
    [1, 1],
    [25, 25],
    [26, 25],
  ])('of %s, %s fit into a block', (count, fitting) => {
    const block = buttonsBlock(
      Array.from({ length: count }, () => button()),
      ENOUGH,
    );
    expect(block?.elements).toHaveLength(fitting);
    expect(lintMessage({ text: 's', blocks: [block] })).toEqual([]);
  });

  it('with a label or value at the limit are taken as they are; above it a label is cut, and a button goes: half a value would mean something else', () => {
    const label = (length: number) => buttonsBlock([button({ label: 'x'.repeat(length) })], ENOUGH)?.elements[0];
    expect(label(75)).toMatchObject({ text: { text: 'x'.repeat(75) } });
    expect(label(76)).toMatchObject({ text: { text: expect.stringMatching(/^x+…x+$/) } });
    expect(label(0)).toMatchObject({ text: { text: '…' } });
    expect(buttonsBlock([button({ value: 'x'.repeat(2000) })], ENOUGH)?.elements).toHaveLength(1);
    expect(buttonsBlock([button({ value: 'x'.repeat(2001) })], ENOUGH)).toBeNull();
  });

  it('go one by one from the end when there is no room for all', () => {
    const adapter = JSON.stringify(buttonsBlock([button()], ENOUGH)?.elements[0]).length;
    expect(buttonsBlock([button(), button()], 2 * adapter + 2)?.elements).toHaveLength(2);
    expect(buttonsBlock([button(), button()], 2 * adapter)?.elements).toHaveLength(1);
    expect(buttonsBlock([button()], adapter - 1)).toBeNull();
    expect(buttonsBlock([], ENOUGH)).toBeNull();
  });
});
