import { createHmac, randomUUID } from 'node:crypto';

export const SIGNING_SECRET = 'the-signing-secret-of-the-benchmark';

/** Returns the request that Slack sends when a person types `/usage <text>`, signed with SIGNING_SECRET. */
export function slashCommand(
  text: string,
  responseUrl: string,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const body = new URLSearchParams({
    command: '/usage',
    text,
    team_id: 'T0BENCH',
    channel_id: 'C0BENCH',
    user_id: 'U0BENCH',
    response_url: responseUrl,
    trigger_id: randomUUID(),
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
    body,
  };
}
