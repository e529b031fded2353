import { SLACK } from '../traits.ts';

/** The form of the IDs of people. */
export const SLACK_USER = /^[UW][A-Z0-9]{2,}$/;

/** Whether Slack can mention this ID. With any other ID (of another platform, or a name), Slack rejects the whole message. */
export function isSlackUser(id: string): boolean {
  return SLACK_USER.test(id);
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
