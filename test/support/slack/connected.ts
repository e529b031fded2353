import { onTestFinished } from 'vitest';
import { signedSlackRequest, slashCommand } from '../signed-slack-request.ts';
import type { App } from '../app.ts';
import { startFakeSlack, type FakeSlack } from './fake-slack.ts';
import type { Told } from './response-urls.ts';

const SIGNING_SECRET = 'signing-secret-of-the-tests';

/** A fake Slack that closes with the test, and the variables that connect a service to it over HTTP. */
export async function connectedSlack(options: { readonly scopes?: readonly string[] } = {}): Promise<FakeSlack & { readonly env: Record<string, string> }> {
  const slack = await startFakeSlack(options);
  onTestFinished(() => slack.close());
  return { ...slack, env: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: slack.apiUrl } };
}

/** Types a slash command as Slack would hand it over. `ackMs` is how long Slack waited for its answer. */
export async function typeCommand(slack: FakeSlack, app: App, text: string, fields: { team?: string; command?: string } = {}): Promise<{ status: number; ackMs: number; answer(withinMs?: number): Promise<Told> }> {
  const responseUrl = slack.responseUrl();
  const request = signedSlackRequest(SIGNING_SECRET, slashCommand({ responseUrl, text, ...fields }), { at: new Date() });
  const startedAt = performance.now();
  const response = await fetch(`${app.url}/slack/events`, request);
  await response.arrayBuffer();
  const ackMs = performance.now() - startedAt;
  return { status: response.status, ackMs, answer: (withinMs) => slack.told.next(({ url }) => url === responseUrl, withinMs) };
}

/** A message as it was posted, whatever it was edited to later: the line that stands alone. */
export function firstSaid({ args }: { readonly args: Readonly<Record<string, unknown>> }): string {
  return String(args['text']).split('\n')[0] ?? '';
}

/** All the text that people read in a payload's blocks, in order, joined as it is shown. */
export function shownText(blocks: unknown): string {
  if (Array.isArray(blocks)) return blocks.map(shownText).filter((text) => text !== '').join('');
  if (typeof blocks !== 'object' || blocks === null) return '';
  const { text, fallback, elements } = { text: undefined, fallback: undefined, elements: undefined, ...blocks };
  if (typeof text === 'string') return text;
  if (typeof fallback === 'string') return fallback;
  return shownText(text) + shownText(elements) + ('type' in blocks && blocks.type === 'rich_text_section' ? '\n' : '');
}
