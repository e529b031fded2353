import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BEARER, INGEST_KEY, runningService, type RunningService } from '../../http/running-service.ts';
import { periodAround } from '../../support/readings.ts';
import { signedWebhook } from '../../support/signed-webhook.ts';

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
});
afterAll(() => service.stop());

const overview = async (): Promise<unknown> => (await service.get('/v1/usage', BEARER)).json();

describe('GET /v1/usage', () => {
  test('returns an empty list before any reading', async () => {
    const answer = await service.get('/v1/usage', BEARER);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await answer.json()).toEqual({ asOf: expect.any(String), needAttention: 0, routed: false, meters: [] });
  });

  test('returns each meter with all its data, worst first', async () => {
    const observedAt = new Date();
    const period = periodAround(observedAt);
    const given = { observedAt: observedAt.toISOString() };
    await service.push({
      source: 'abmatic',
      readings: [
        { ...given, meter: 'campaigns', used: 494_936, total: 1_000_000_000 },
        { ...given, meter: 'apollo_contacts', used: 799_999, total: 1_000_000, period },
        { ...given, meter: 'pdl_contacts', used: 800_001, total: 1_000_000 },
      ],
    });
    await service.push({
      source: 'others',
      readings: [
        { ...given, meter: 'unlimited', used: '9223372036854775807', total: null },
        { ...given, meter: 'over', label: 'Over', unit: 'credits', used: 120, total: 100 },
        { ...given, meter: 'of-nothing', used: 5, total: 0 },
        { ...given, meter: 'nothing', used: 0, total: 0 },
      ],
    });
    const plain = {
      aliases: [],
      atLeast: false,
      balance: false,
      decimals: 0,
      consequence: null,
      expired: false,
      stale: false,
      observedAt: given.observedAt,
      period: null,
      unit: '',
      source: 'others',
      unconfirmed: null,
    };
    expect(await overview()).toEqual({
      asOf: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      needAttention: 3,
      routed: false,
      meters: [
        {
          ...plain,
          meter: 'over',
          label: 'Over',
          unit: 'credits',
          used: 120,
          total: 100,
          remaining: -20,
          percent: 120,
          severity: 'critical',
        },
        { ...plain, meter: 'of-nothing', label: 'Of Nothing', used: 5, total: 0, remaining: -5, percent: null, severity: 'critical' },
        {
          ...plain,
          source: 'abmatic',
          meter: 'abmatic_contacts',
          label: 'Abmatic Contacts',
          aliases: ['pdl_contacts'],
          unit: 'credits',
          consequence: 'Contact data look-ups may pause.',
          used: 800_001,
          total: 1_000_000,
          remaining: 199_999,
          percent: 80,
          severity: 'warning',
        },
        {
          ...plain,
          source: 'abmatic',
          meter: 'apollo_contacts',
          label: 'Apollo Contacts',
          unit: 'credits',
          consequence: 'Contact enrichment through Apollo may pause.',
          used: 799_999,
          total: 1_000_000,
          remaining: 200_001,
          percent: 79.9,
          severity: null,
          period: expect.objectContaining({}),
        },
        {
          ...plain,
          source: 'abmatic',
          meter: 'campaigns',
          label: 'Campaigns',
          aliases: ['campaign'],
          unit: 'visitors',
          consequence: 'Personalization campaigns may stop serving visitors.',
          used: 494_936,
          total: 1_000_000_000,
          remaining: 999_505_064,
          percent: 0,
          severity: null,
        },
        { ...plain, meter: 'nothing', label: 'Nothing', used: 0, total: 0, remaining: 0, percent: null, severity: null },
        {
          ...plain,
          meter: 'unlimited',
          label: 'Unlimited',
          used: '9223372036854775807',
          total: null,
          remaining: null,
          percent: null,
          severity: null,
        },
      ],
    });
  });

  test('returns figures in the form of a push: pushed back they are duplicates', async () => {
    const figure = z.union([z.number(), z.string()]);
    const shown = z
      .object({
        meters: z.array(
          z.object({ source: z.string(), meter: z.string(), used: figure, total: figure.nullable(), observedAt: z.string() }),
        ),
      })
      .parse(await overview());
    for (const { source, meter, used, total, observedAt } of shown.meters) {
      expect(await (await service.push({ source, readings: [{ meter, used, total, observedAt }] })).json()).toEqual({
        accepted: 0,
        duplicates: 1,
        rejected: [],
      });
    }
  });
});

/** `fetch` sends no body with a GET, unlike a client that replays a recorded request. */
async function replay(method: string, headers: Record<string, string>, body: string): Promise<{ status: number; text: string }> {
  const { host } = await service.get('/healthz').then(({ url }) => new URL(url));
  const sent = request(`http://${host}/v1/usage`, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
  sent.end(body);
  const [response] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(sent, 'response'));
  return { status: response.statusCode ?? 0, text: (await buffer(response)).toString() };
}

test.each(['GET', 'HEAD'])('a recorded push cannot read as %s: reading requires the key itself', async (method) => {
  const body = JSON.stringify({ source: 'recorded', readings: [{ meter: 'hidden', used: 987_654 }] });
  for (const signed of [body, '']) {
    const headers = signedWebhook(INGEST_KEY, 'evt-recorded', signed);
    expect((await replay('POST', headers, signed)).status).toBe(signed === '' ? 400 : 202);
    const { status, text } = await replay(method, headers, signed);
    expect([status, text]).toEqual([401, expect.not.stringContaining('987')]);
    if (method === 'GET')
      expect(JSON.parse(text)).toEqual({ error: 'reading needs the key itself: send Authorization: Bearer <ingest key>' });
  }
  expect((await replay(method, BEARER, '')).status).toBe(200);
});

test('/metrics has used and total of each meter, read from the database', async () => {
  await service.push({ source: 'gauge', readings: [{ meter: 'leads', unit: 'credits', used: 42, total: 1000 }] });
  const text = await (await service.get('/metrics')).text();
  expect(text).toContain('creditwatch_meter_used{account="default",source="gauge",meter="leads",unit="credits"} 42\n');
  expect(text).toContain('creditwatch_meter_total{account="default",source="gauge",meter="leads",unit="credits"} 1000\n');
  expect(text).toMatch(/^creditwatch_readings_total\{result="accepted"\} \d+$/m);
});
