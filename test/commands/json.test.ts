import { createQueries } from '../../src/queries/queries.ts';
import { expect, test } from 'vitest';
import { createOperations } from '../../src/commands/operations.ts';
import { startTalking } from '../support/talking.ts';

const PERIOD = { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' };

async function started() {
  const { pipeline, chat } = await startTalking(
    'timezone: Europe/Berlin\nroutes: [{ slack: C0A, meters: all, digest: false }]\n',
    '2026-11-10T11:00:00Z',
  );
  await pipeline.push([{ meter: 'campaigns', used: 10, total: 100, observedAt: '2026-11-09T11:00:00Z', period: PERIOD }]);
  await pipeline.push([
    { meter: 'campaigns', used: 85, total: 100, period: PERIOD },
    { meter: 'open_ai', used: '9007199254740993', total: null, period: PERIOD },
  ]);
  const clock = { now: () => pipeline.now(), sleep: async () => undefined };
  const operations = createOperations({
    accounts: [{ id: 'default', timeZone: 'Europe/Berlin' }],
    queries: createQueries({ store: pipeline.store, clock }),
    store: pipeline.store,
    chat,
    ingest: () => Promise.reject(new Error('nothing is taken here')),
    clock,
    dailyReadingsMs: null,
    newId: () => '',
    post: () => undefined,
  });
  return async (text: string): Promise<unknown> => {
    const answer = await operations.answer({
      account: null,
      actor: { platform: 'terminal', id: 'anna' },
      text,
      strong: false,
      json: true,
      isRecorded: true,
    });
    return answer.ok ? JSON.parse(answer.value) : answer.error;
  };
}

test('what prints figures gives them as JSON: numbers where they are exact, text where they are not', async () => {
  const ask = await started();
  const campaigns = { source: 'abmatic', meter: 'campaigns', label: 'Campaigns', unit: 'visitors' };
  expect(await ask('')).toMatchObject({
    needAttention: 1,
    routed: true,
    meters: [
      { ...campaigns, used: 85, total: 100, remaining: 15, percent: 85 },
      { meter: 'open_ai', used: '9007199254740993', total: null },
    ],
  });
  expect(await ask('campaigns')).toMatchObject({ meters: [{ ...campaigns, used: 85 }] });
  expect(await ask('alerts')).toMatchObject({
    open: [{ ...campaigns, severity: 'warning', status: 'firing', acknowledged: null }],
    closed: [],
  });
  expect(await ask('history campaigns last 2 days')).toMatchObject({
    ...campaigns,
    from: '2026-11-09',
    to: '2026-11-10',
    consumed: 75,
    days: [
      { day: '2026-11-09', used: 10, total: 100 },
      { day: '2026-11-10', consumed: 75, used: 85, total: 100 },
    ],
  });
  expect(await ask('check campaigns 50')).toMatchObject({
    answers: [{ ...campaigns, amount: 50, verdict: 'does-not-fit', left: 15, short: 35 }],
  });
});

test('what has no figures is its text, and what was refused stays an error', async () => {
  const ask = await started();
  expect(await ask('help check')).toEqual({ text: expect.stringContaining('check: Checks whether you can still use an amount') });
  expect(await ask('campains')).toMatch(/^No meter "campains"\./);
});
