import { createHmac } from 'node:crypto';

/**
 * A request as Slack would send it, ready for `fetch(url, signedSlackRequest(…))`. Fields become a form, as for a slash
 * command; a string goes as it is.
 *
 * @param at the time that Slack's clock shows
 */
export function signedSlackRequest(
  secret: string,
  body: string | Readonly<Record<string, string>>,
  { at, contentType = 'application/x-www-form-urlencoded' }: { at: Date; contentType?: string },
): { method: 'POST'; headers: Record<string, string>; body: string } {
  const text = typeof body === 'string' ? body : new URLSearchParams(body).toString();
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${text}`).digest('hex')}`;
  return {
    method: 'POST',
    headers: { 'content-type': contentType, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature },
    body: text,
  };
}

/** The fields of a slash command (docs.slack.dev/interactivity/implementing-slash-commands). */
export function slashCommand(fields: {
  responseUrl: string;
  text?: string;
  command?: string;
  team?: string;
  user?: string;
  channel?: string;
  triggerId?: string;
}): Record<string, string> {
  return {
    token: 'unused',
    team_id: fields.team ?? 'T0FAKE',
    team_domain: 'fake',
    channel_id: fields.channel ?? 'C0FAKE',
    channel_name: 'general',
    user_id: fields.user ?? 'U0ASKER',
    user_name: 'requester',
    command: fields.command ?? '/usage',
    text: fields.text ?? '',
    api_app_id: 'A0FAKE',
    is_enterprise_install: 'false',
    response_url: fields.responseUrl,
    trigger_id: fields.triggerId ?? `${String(Math.random()).slice(2)}.fake`,
  };
}
