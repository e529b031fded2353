import type { Person } from '../../core/text/person.ts';
import { SLACK } from '../traits.ts';

/** The form of the IDs of people. */
const SLACK_USER = /^[UW][A-Z0-9]{2,}$/;

/** Whether an ID has the form of a user ID in Slack. */
export function isSlackUser(id: string): boolean {
  return SLACK_USER.test(id);
}

/** Whether Slack can mention a person. Anyone else (of another platform, or by a wrong id) would make it refuse the whole message. */
export function canMention({ platform, id }: Person): boolean {
  return platform === SLACK.id && isSlackUser(id);
}

type Place = { readonly platform: string; readonly text: string };

const CHANNEL_ID = /^[CG][A-Z0-9]{2,}$/;

/** Whether Slack can show this place as a channel. */
export function isSlackChannel({ platform, text }: Place): boolean {
  return platform === SLACK.id && CHANNEL_ID.test(text);
}

/** Whether Slack can show this place as a person. */
export function isSlackPerson({ platform, text }: Place): boolean {
  return platform === SLACK.id && isSlackUser(text);
}
