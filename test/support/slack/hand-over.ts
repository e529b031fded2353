import { z } from 'zod';
import { signedSlackRequest, slashCommand } from '../signed-slack-request.ts';
import { startFakeSlack, type FakeSlack, type FakeSlackOptions } from './fake-slack.ts';
import { CLIENT } from './installs.ts';
import { blockActions, viewSubmission, type Doer } from './interactions.ts';
import type { Told } from './response-urls.ts';
import type { OpenedView } from './workspace.ts';

const SIGNING_SECRET = 'signing-secret-of-the-tests';

/** The two ways in which Slack reaches a service. */
export const TRANSPORTS = ['http', 'socket'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** A fake Slack, the way a service is connected to it, and the variables that connect it. */
export type ConnectedSlack = FakeSlack & { readonly transport: Transport; readonly env: Record<string, string> };

/** The service as Slack knows it. */
type Service = { readonly url: string };

export async function startConnected({
  transport = 'http',
  ...options
}: FakeSlackOptions & { readonly transport?: Transport } = {}): Promise<ConnectedSlack> {
  const slack = await startFakeSlack(options);
  const secret = transport === 'http' ? { SLACK_SIGNING_SECRET: SIGNING_SECRET } : { SLACK_APP_TOKEN: 'xapp-test' };
  return { ...slack, transport, env: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.apiUrl, ...secret } };
}

/** The same, where the token comes from installing at /slack/install. */
export async function startInstallable(options: FakeSlackOptions & { readonly transport?: Transport } = {}): Promise<ConnectedSlack> {
  const { env, ...slack } = await startConnected(options);
  const { SLACK_BOT_TOKEN: _none, ...rest } = env;
  return { ...slack, env: { ...rest, SLACK_CLIENT_ID: CLIENT.id, SLACK_CLIENT_SECRET: CLIENT.secret, PUBLIC_URL } };
}

/** Where browsers reach the service: the tests stand in its place. */
export const PUBLIC_URL = 'https://credits.example.com';

/** What Slack got for handing something over: its answer, and how long that took. */
type HandedOver = {
  readonly responseUrl: string;
  readonly status: number;
  readonly ackMs: number;
  readonly said: unknown;
  answer(withinMs?: number): Promise<Told>;
};

/** Types a slash command as Slack would hand it over. */
export async function typeCommand(
  slack: ConnectedSlack,
  app: Service,
  text: string,
  fields: { team?: string; command?: string; user?: string; channel?: string } = {},
): Promise<HandedOver> {
  const responseUrl = slack.responseUrl();
  const command = slashCommand({ responseUrl, text, ...fields });
  return handOver(slack, app, responseUrl, command, () => slack.socket.sendCommand(command));
}

/** Presses a button of a message by what stands on it, or by its place. */
export async function pressButton(
  slack: ConnectedSlack,
  app: Service,
  { blocks, ...message }: { readonly blocks: unknown; readonly channel?: string; readonly ts?: string },
  label: string | number,
  doer: Doer = {},
): Promise<HandedOver> {
  const button = buttonsOf(blocks).find(({ text }, index) => [text.text, index].includes(label));
  if (button === undefined)
    throw new Error(
      `no button "${String(label)}" among: ${
        buttonsOf(blocks)
          .map(({ text }) => text.text)
          .join(', ') || 'none'
      }`,
    );
  const responseUrl = slack.responseUrl();
  const payload = blockActions({
    responseUrl,
    actionId: button.action_id,
    value: button.value,
    ...(message.channel && { channel: message.channel }),
    ...(message.ts && { messageTs: message.ts }),
    ...doer,
  });
  return handOver(slack, app, responseUrl, { payload: JSON.stringify(payload) }, () => slack.socket.sendInteraction(payload));
}

/** Tells of an event that the app subscribed to, as `eventCallback` makes it. */
export async function tellEvent(slack: ConnectedSlack, app: Service, event: Readonly<Record<string, unknown>>): Promise<number> {
  if (slack.transport === 'socket')
    return (await acknowledged(slack, slack.socket.send({ type: 'events_api', payload: event, accepts_response_payload: false }))).status;
  return (
    await fetch(
      `${app.url}/slack/events`,
      signedSlackRequest(SIGNING_SECRET, JSON.stringify(event), { at: slack.now(), contentType: 'application/json' }),
    )
  ).status;
}

/** Fills in a modal and sends it. */
export async function sendForm(
  slack: ConnectedSlack,
  app: Service,
  { view }: OpenedView,
  values: Readonly<Record<string, string>>,
  doer: Doer & { readonly installedTeam?: string } = {},
): Promise<HandedOver> {
  const { responseUrl } = z.object({ responseUrl: z.string() }).parse(JSON.parse(String(view['private_metadata'])));
  const payload = viewSubmission(view, values, doer);
  return handOver(slack, app, responseUrl, { payload: JSON.stringify(payload) }, () => slack.socket.sendInteraction(payload));
}

const updated = z.object({ response_action: z.literal('update'), view: z.record(z.string(), z.unknown()) });

/** The form that stands in place of the one that was sent; fails where it closed. */
export function formAfter(form: OpenedView, { said }: Pick<HandedOver, 'said'>): OpenedView {
  return { ...form, view: updated.parse(said).view };
}

async function handOver(
  slack: ConnectedSlack,
  app: Service,
  responseUrl: string,
  form: Readonly<Record<string, string>>,
  overSocket: () => string,
): Promise<HandedOver> {
  const startedAt = performance.now();
  const { status, said } = slack.transport === 'http' ? await post(slack, app, form) : await acknowledged(slack, overSocket());
  return {
    responseUrl,
    status,
    said,
    ackMs: performance.now() - startedAt,
    answer: (withinMs) => slack.told.next(({ url }) => url === responseUrl, withinMs),
  };
}

async function post(slack: FakeSlack, app: Service, form: Readonly<Record<string, string>>): Promise<{ status: number; said: unknown }> {
  const response = await fetch(`${app.url}/slack/events`, signedSlackRequest(SIGNING_SECRET, form, { at: slack.now() }));
  const text = await response.text();
  return { status: response.status, said: text === '' ? undefined : JSON.parse(text) };
}

async function acknowledged(slack: FakeSlack, envelope: string): Promise<{ status: number; said: unknown }> {
  const { payload } = await slack.socket.acks.next(({ envelopeId }) => envelopeId === envelope);
  return { status: 200, said: JSON.stringify(payload) === '{}' ? undefined : payload };
}

const buttonsSchema = z.object({
  type: z.literal('actions'),
  elements: z.array(z.object({ text: z.object({ text: z.string() }), action_id: z.string(), value: z.string().default('') })),
});

function buttonsOf(blocks: unknown): z.infer<typeof buttonsSchema>['elements'] {
  return z
    .array(z.unknown())
    .parse(blocks)
    .flatMap((block) => buttonsSchema.safeParse(block).data?.elements ?? []);
}

/** What stands on the buttons of a message, in order. */
export function buttonLabels(blocks: unknown): string[] {
  return buttonsOf(blocks).map(({ text }) => text.text);
}
