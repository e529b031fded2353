import { createServer } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createWorkflowMessenger } from '../../src/teams/workflow/messenger.ts';
import type { Behaviour } from '../support/slack/behaviour.ts';
import { ManualClock } from '../support/slack/manual-clock.ts';
import { meet } from '../support/slack/meet.ts';
import { cardProblems, shownOn } from '../support/teams/card-rules.ts';
import type { Fault, MessengerHarness } from './messenger.ts';

const SIGNATURE = 'the-signature-in-the-url-of-the-tests';

const faults: Readonly<Record<Exclude<Fault, 'cannot be reached'>, Behaviour>> = {
  'asks to wait 7 s': { kind: 'rate-limited', retryAfterS: 7 },
  // All that it says no to for now: a 5xx may have landed.
  'fails and says so': { kind: 'rate-limited', retryAfterS: null },
  'is gone': { kind: 'status', status: 404 },
  'no longer knows us': { kind: 'status', status: 401 },
  'does not take the message': { kind: 'status', status: 400 },
  'breaks off before it has taken anything': { kind: 'drop', accepted: false },
  'breaks off after it has taken everything': { kind: 'drop', accepted: true },
  'answers nonsense': { kind: 'status', status: 200 },
};

const addressSchema = z.object({ port: z.number() });
/** What a flow takes (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using). */
const postedSchema = z.strictObject({
  type: z.literal('message'),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.record(z.string(), z.unknown()),
      }),
    )
    .length(1),
});

export const workflowHarness: MessengerHarness = {
  kind: 'workflow',
  // A flow is a place of its own: nothing that it says concerns others.
  never: ['no longer knows us'],
  open: async () => {
    const clock = new ManualClock();
    const posted: { path: string; text: string }[] = [];
    const complaints: string[] = [];
    let calls = 0;
    let next: Behaviour = { kind: 'ok' };
    const server = createServer(async (request, response) => {
      const body = await text(request).catch(() => null);
      if (body === null) return;
      calls += 1;
      if (Buffer.byteLength(body) > 28_000) complaints.push(`a message of ${String(Buffer.byteLength(body))} bytes`);
      meet(response, next, () => {
        const content = postedSchema.parse(JSON.parse(body)).attachments[0]?.content ?? {};
        complaints.push(...cardProblems(content, '1.4', 28_000));
        posted.push({ path: request.url ?? '', text: shownOn(content) });
        return { status: 202, json: {} };
      });
      next = { kind: 'ok' };
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${String(addressSchema.parse(server.address()).port)}`;
    const close = async (): Promise<void> => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    };
    onTestFinished(async () => {
      await close();
      if (complaints.length > 0) throw new Error(`the flow would have objected:\n${complaints.join('\n')}`);
    });
    return {
      messenger: createWorkflowMessenger({
        urlOf: (address) => `${base}/${address}?sig=${SIGNATURE}`,
        timeZone: 'UTC',
        clock,
      }),
      addresses: ['0123456789ab', 'ba9876543210'],
      read: (address) => posted.filter(({ path }) => path.startsWith(`/${address}?`)).map((one) => one.text),
      calls: () => calls,
      secrets: [SIGNATURE, base],
      now: () => clock.now(),
      // A flow cannot be asked: time stands for its answer.
      isAway: (away) => void (away || clock.advance(30_000)),
      meet: async (fault) => {
        if (fault === 'cannot be reached') await close();
        else next = faults[fault];
      },
    };
  },
};
