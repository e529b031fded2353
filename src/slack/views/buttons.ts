import type { types } from '@slack/bolt';
import type { Button } from '../../core/text/message.ts';
import { lineCountWithin } from '../../messages/text/truncate-lines.ts';
import { sanitizeText, strictLength } from '../../messages/text/sanitize-text.ts';
import { weigh } from './rich-text.ts';

/** What Slack takes in one block, and on one button (docs.slack.dev/reference/block-kit, "Actions block", "Button element"). */
const MOST_BUTTONS = 25;
const MAX_LABEL = 75;
const MAX_VALUE = 2000;

/**
 * The buttons of a message, as many of the first as fit into `room`; null when there are none. A button's `action_id` is its
 * action, with a number behind it from the second of a kind on, because Slack wants each to be its own.
 *
 * @param room in the weight of `weigh`
 */
export function buttonsBlock(buttons: readonly Button[], room: number): types.ActionsBlock | null {
  const seen = new Map<string, number>();
  const elements = buttons
    .filter(({ value }) => value.length <= MAX_VALUE)
    .slice(0, MOST_BUTTONS)
    .map((button): types.Button => {
      const count = (seen.get(button.action) ?? 0) + 1;
      seen.set(button.action, count);
      return {
        type: 'button',
        text: { type: 'plain_text', text: sanitizeText(button.label, MAX_LABEL, strictLength) || '…', emoji: false },
        action_id: count === 1 ? button.action : `${button.action}.${String(count)}`,
        // Slack wants no empty value.
        ...(button.value === '' ? {} : { value: button.value }),
        ...(button.primary ? { style: 'primary' } : {}),
      };
    });
  const fitting = elements.slice(0, lineCountWithin(elements, room, weigh));
  return fitting.length === 0 ? null : { type: 'actions', elements: fitting };
}

/** The action behind an `action_id` that `buttonsBlock` made. */
export function actionOf(actionId: string): string {
  return actionId.replace(/\.\d+$/, '');
}
