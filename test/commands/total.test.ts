import { describe, expect, test } from 'vitest';
import { messageOf } from '../support/chat.ts';
import { runSql } from '../support/database.ts';
import { anna, startTalking, tom } from '../support/talking.ts';

const FILE = 'timezone: Europe/Berlin\nadmins: [U0TOM]\nroutes: [{ slack: C0ALERTS, meters: all, digest: false }]\n';
const AT = '2026-11-20T08:00:00Z';

/** A vendor that tells what was spent, one that tells what is left, and one that tells both. */
async function talking() {
  const started = await startTalking(FILE, AT);
  const { pipeline } = started;
  let days = 20;
  const push = async (spent: number, left: number) => {
    days += 1;
    await pipeline.goTo(`2026-11-${String(days)}T08:00:00Z`);
    await pipeline.push([
      { meter: 'spend', label: 'Spend', unit: 'USD', decimals: 2, used: spent },
      { meter: 'balance', label: 'Balance', unit: 'credits', remaining: left },
      { meter: 'plan', label: 'Plan', unit: 'credits', used: 10, total: 100 },
    ]);
    await pipeline.settle();
  };
  const figures = async () =>
    Object.fromEntries(
      (await pipeline.store.meters('default')).map(({ meter, reading }) => [meter.key, [Number(reading.used), Number(reading.total)]]),
    );
  await push(120.5, 3000);
  return { ...started, push, figures };
}

describe('a total that the vendor does not tell', () => {
  test('is stated in chat, counts at once and for the next figures, and alerts are raised by it', async () => {
    const { say, push, figures, pipeline } = await talking();
    expect(await say('total spend 500')).toBe(
      'Spend has a total of 500.00 USD.\nIf the vendor reports a total, or more is left than that, the figure of the vendor counts instead.',
    );
    await say('total abmatic/balance 5000');
    await push(410, 2900);
    expect(await figures()).toEqual({ spend: [41_000, 50_000], balance: [2100, 5000], plan: [10, 100] });
    expect(pipeline.messages.map(({ text }) => text).join('\n')).toMatch(/Spend reached 80%/);
  });

  test('does not count where the vendor tells one, or where more is left', async () => {
    const { say, push, figures } = await talking();
    await say('total plan 20');
    await say('total balance 5000');
    await push(121, 9000);
    expect(await figures()).toMatchObject({ balance: [0, 9000], plan: [10, 100] });
    await push(122, 8000);
    expect(await figures()).toMatchObject({ balance: [1000, 9000] });
    await push(122, 4500);
    expect(await figures()).toMatchObject({ balance: [500, 5000] });
  });

  test('is taken back with none, and may be changed', async () => {
    const { say, push, figures } = await talking();
    await say('total spend 500');
    await push(130, 3000);
    await say('total spend 800');
    await push(140, 3000);
    expect(await figures()).toMatchObject({ spend: [14_000, 80_000] });
    expect(await say('total spend none')).toBe('Spend has no stated total, from its next figures on.');
    expect(await say('total spend 1e5')).toMatch(/^"1e5" is in scientific notation/);
    expect(await say('total nothing 5')).toMatch(/nothing/);
  });

  test('keeps its meaning when the meter gets more decimals', async () => {
    const { say, pipeline, figures } = await talking();
    await say('total balance 5000');
    const arrivedAt = new Date('2026-11-22T08:00:00Z');
    const readings = [{ meter: 'balance', remaining: '2500.25', decimals: 2 }];
    await pipeline.ingest({ account: 'default', source: 'abmatic', via: 'poll', eventId: null, arrivedAt, readings });
    expect((await figures())['balance']).toEqual([249_975, 500_000]);
    expect(await runSql(pipeline.url, "SELECT stated_total::text FROM meter WHERE key = 'balance'")).toEqual([{ stated_total: '500000' }]);
  });

  test('is stated with a form, which the meter without a total offers', async () => {
    const { ask, press, chat, read, say } = await talking();
    expect(await press(await ask('spend'), 'Set total')).toMatchObject({
      kind: 'form',
      form: { id: 'total abmatic/spend', fields: [{ name: 'amount', kind: 'line', label: 'Total in USD' }] },
    });
    const submit = (form: string, amount: string) => chat.submit({ form, values: { amount } }, tom);
    expect(await submit('total abmatic/spend', 'a lot')).toEqual({
      kind: 'invalid',
      problems: { amount: '"a lot" is not an amount such as 50k, 1.5M or 50,000.' },
    });
    expect(read(messageOf(await submit('total abmatic/spend', '1.5k')))).toMatch(/^Spend has a total of 1,500\.00 USD/);
    expect(read(messageOf(await submit('total abmatic/spend', '')))).toMatch(/^Spend has no stated total/);
    expect(read(messageOf(await submit('total abmatic/gone', '5')))).toMatch(/\w/);
    expect((await ask('plan')).buttons?.map(({ label }) => label)).not.toContain('Set total');
    expect(await say('total spend', tom)).toMatch(/What is the total of Spend\?/);
  });

  test('is for admins: others can ask them', async () => {
    const { say, push, figures } = await talking();
    expect(await say('total spend 500', anna)).toBe('Rules are changed by @U0TOM.');
    await push(130, 3000);
    expect((await figures())['spend']).toEqual([13_000, 0]);
  });
});

test.each([
  ['total spend 50 000', 5_000_000],
  ['total abmatic/spend 1,500', 150_000],
  ['total Spend 1.5k', 150_000],
])('%s', async (typed, expected) => {
  const { say, push, figures } = await talking();
  await say(typed);
  await push(130, 3000);
  expect((await figures())['spend']).toEqual([13_000, expected]);
});

describe('a meter of the file without figures', () => {
  const WAITING = `
timezone: Europe/Berlin
admins: [U0TOM]
sources: [{ id: acme, kind: mail, from: [billing@acme.example], to: [usage@customer.example], keys: [key-of-the-mail-service-1234], meters: { credits: { label: Credits, unit: credits } } }]
`;

  test('gets a total, and a notice of a part of it counts from then on', async () => {
    const { say, pipeline } = await startTalking(WAITING, AT);
    await pipeline.push([{ meter: 'api_credits', label: 'API credits', used: 1, total: 10 }]);
    const notice = () =>
      pipeline.ingest({
        account: 'default',
        source: 'acme',
        via: 'push',
        eventId: 'mail 1',
        arrivedAt: pipeline.now(),
        readings: [{ meter: 'credits', share: '80', observedAt: '2026-11-19T08:00:00Z' }],
        isNotice: true,
      });
    expect(await notice()).toMatchObject({ accepted: 0, rejected: [{ code: 'total-missing' }] });
    expect(await say('total credits 10k')).toMatch(/^Credits has a total of 10,000 credits/);
    expect(await notice()).toMatchObject({ accepted: 1, rejected: [] });
    expect(await say('')).toContain('at least 8,000 / 10,000 credits used · at least 80% (mail of 19 Nov)');
  });

  test('is found by its full name, and by no command that needs figures', async () => {
    const { say } = await startTalking(WAITING, AT);
    expect(await say('total acme/credits 500')).toMatch(/^Credits has a total of 500 credits/);
    expect(await say('credits')).not.toContain('500');
  });
});
