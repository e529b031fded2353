const USER_ID = /^[UW][A-Z0-9]{2,}$/;

/** Whether Slack can mention this id. Any other (one of another platform, a name) would make it refuse the whole message. */
export function isSlackUser(id: string): boolean {
  return USER_ID.test(id);
}
