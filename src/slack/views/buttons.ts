import type { types } from '@slack/bolt';
import type { Button } from '../../core/text/message.ts';
import { lineCountWithin } from '../../messages/text/truncate-lines.ts';
import { sanitizeText, strictLength } from '../../messages/text/sanitize-text.ts';
import { weigh } from './rich-text.ts';

/** Slack's limits for one block and one button (docs.slack.dev/reference/block-kit, "Actions block", "Button element"). */
const MOST_BUTTONS = 25;
const MAX_LABEL = 75;
const MAX_VALUE = 2000;

/**
 * Builds the buttons of a message, as many of the first as fit into `room`. Null if there are none. The `action_id` of a button is its
 * action. From the second of a kind on, it has a number at the end, because Slack requires unique IDs.
 *
 * @param room in the unit of `weigh`
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
        // Slack rejects an empty value.
        ...(button.value === '' ? {} : { value: button.value }),
        ...(button.primary ? { style: 'primary' } : {}),
      };
    });
  const fitting = elements.slice(0, lineCountWithin(elements, room, weigh));
  return fitting.length === 0 ? null : { type: 'actions', elements: fitting };
}

/** Returns the action of an `action_id` that `buttonsBlock` made. */
export function actionOf(actionId: string): string {
  return actionId.replace(/\.\d+$/, '');
}
