import { SLACK } from '../traits.ts';

/** How the ids of people look. */
export const SLACK_USER = /^[UW][A-Z0-9]{2,}$/;

/** Whether Slack can mention this id. Any other (one of another platform, a name) would make it refuse the whole message. */
export function isSlackUser(id: string): boolean {
  return SLACK_USER.test(id);
}

type Place = { readonly platform: string; readonly text: string };

const CHANNEL_ID = /^[CG][A-Z0-9]{2,}$/;

/** Whether Slack can name this place as a channel. */
export function isSlackChannel({ platform, text }: Place): boolean {
  return platform === SLACK.id && CHANNEL_ID.test(text);
}

export function isSlackPerson({ platform, text }: Place): boolean {
  return platform === SLACK.id && isSlackUser(text);
}
