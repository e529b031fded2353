const USER_ID = /^[UW][A-Z0-9]{2,}$/;

/** Whether Slack can mention this id. Any other (one of another platform, a name) would make it refuse the whole message. */
export function isSlackUser(id: string): boolean {
  return USER_ID.test(id);
}

type Place = { readonly platform: string; readonly text: string };

const CHANNEL_ID = /^[CG][A-Z0-9]{2,}$/;

/** Whether Slack can name this place as a channel. */
export function isSlackChannel({ platform, text }: Place): boolean {
  return platform === 'slack' && CHANNEL_ID.test(text);
}

export function isSlackPerson({ platform, text }: Place): boolean {
  return platform === 'slack' && isSlackUser(text);
}
