import { describe, expect, test } from 'vitest';
import { presumedResetMessage } from '../../src/messages/forms/reset-day.ts';
import type { Requester } from '../../src/ports/inbound/chat.ts';
import { messageOf } from '../support/chat.ts';
import { runSql } from '../support/database.ts';
import { anna, startTalking, tom, type Talking } from '../support/talking.ts';

const FILE = `timezone: Europe/Berlin
admins: [U0TOM, U0ANNA]
routes:
  - { slack: C0OPERATIONS, operations: true }
  - { slack: C0ALERTS, meters: all, digest: false }
`;
const MANAGED = `${FILE}sources:\n  - { id: abmatic, kind: push, period: { every: month, day: 1 } }\n`;

/** Figures that fell from 803,412 to 1,240 within a day. */
async function fallen(file = FILE): Promise<Talking> {
  const talking = await startTalking(file, '2026-11-20T08:00:00Z');
  await talking.pipeline.push([
    { meter: 'apollo_contacts', used: 803_412, total: 1_000_000 },
    { meter: 'campaigns', used: 5, total: 100 },
  ]);
  await talking.pipeline.goTo('2026-11-21T08:00:00Z');
  await talking.pipeline.push([{ meter: 'apollo_contacts', used: 1_240, total: 1_000_000 }]);
  return talking;
}

const asked = async ({ pipeline }: Talking) => {
  await pipeline.settle();
  return pipeline.messages.find(({ text }) => text.startsWith('Apollo Contacts fell'));
};

describe('a presumed reset', () => {
  test('asks when the meter resets; the 1st of the month at one press gives all known figures their period, and the message shows who said so', async () => {
    const talking = await fallen();
    expect((await asked(talking))?.text).toBe(
      'Apollo Contacts fell from 803,412 to 1,240. I treated this as a reset and re-armed its alerts.\nWhen does it reset?',
    );
    const { chat, read, say } = talking;
    const reply = await chat.clickButton({ action: 'show', value: 'resets abmatic month 1' }, anna);
    expect(read(messageOf(reply))).toBe('abmatic resets on the 1st of every month, next on 1 Dec.');
    expect((await asked(talking))?.text).toMatch(/\n@U0ANNA: it resets on the 1st of every month\.$/);
    expect(await say('campaigns')).toContain('\nPeriod 1 Nov – 1 Dec.\n');
  });

  test('offers its answers, most likely first; of a meter whose period is known only that it was a correction', () => {
    const meter = { source: 'abmatic', key: 'apollo_contacts', label: 'Apollo Contacts', unit: 'credits', decimals: 0 };
    const labels = (periodKnown: boolean) =>
      presumedResetMessage({
        kind: 'presumed-reset',
        meter,
        before: 803_412n,
        after: 1_240n,
        observedAt: new Date(0),
        periodKnown,
        answer: null,
      }).buttons?.map(({ label }) => label);
    expect(labels(false)).toEqual(['1st of the month', 'Other', 'Vendor corrected it']);
    expect(labels(true)).toEqual(['Vendor corrected it']);
  });

  test('Other opens a form that takes every month, quarter, year, or never, on a day', async () => {
    const { chat, read } = await fallen();
    expect(await chat.clickButton({ action: 'fill-in', value: 'reset-day abmatic' }, anna)).toMatchObject({
      kind: 'form',
      form: {
        id: 'reset-day abmatic',
        fields: [
          { name: 'every', kind: 'choice' },
          { name: 'day', kind: 'line' },
          { name: 'days', kind: 'line' },
        ],
      },
    });
    const submit = async (values: Record<string, string>) => chat.submit({ form: 'reset-day abmatic', values }, anna);
    expect(await submit({ every: 'month', day: '32' })).toEqual({ kind: 'invalid', problems: { day: 'A day from 1 to 31.' } });
    expect(await submit({ every: 'month', day: 'first' })).toEqual({ kind: 'invalid', problems: { day: 'A day from 1 to 31.' } });
    expect(await submit({ day: '1' })).toEqual({ kind: 'invalid', problems: { every: 'Choose one.' } });
    expect(read(messageOf(await submit({ every: 'month', day: ' 15 ' })))).toBe(
      'abmatic resets on the 15th of every month, next on 15 Dec.',
    );
    expect(read(messageOf(await submit({ every: 'quarter' })))).toBe(
      'abmatic resets on the 1st of January, April, July and October, next on 1 Jan.',
    );
    expect(read(messageOf(await submit({ every: 'quarter', day: '1 Feb' })))).toBe(
      'abmatic resets on the 1st of February, May, August and November, next on 1 Feb.',
    );
    expect(read(messageOf(await submit({ every: 'year', day: '15 March' })))).toBe('abmatic resets on 15 March each year, next on 15 Mar.');
    expect(read(messageOf(await submit({ every: 'week', day: 'Friday' })))).toBe('abmatic resets every Friday, next on 27 Nov.');
    expect(read(messageOf(await submit({ every: 'day' })))).toBe('abmatic resets every day, next on 22 Nov.');
    expect(read(messageOf(await submit({ every: 'days', days: '30', day: '2026-01-15' })))).toBe(
      'abmatic resets every 30 days, next on 11 Dec.',
    );
    expect(await submit({ every: 'year', day: 'sometime' })).toEqual({
      kind: 'invalid',
      problems: { day: 'A day and a month, such as 15 March.' },
    });
    expect(await submit({ every: 'week', day: '15' })).toEqual({ kind: 'invalid', problems: { day: 'A weekday, such as Friday.' } });
    expect(await submit({ every: 'days', days: 'some', day: '2026-01-15' })).toEqual({
      kind: 'invalid',
      problems: { days: 'A number of days from 1 to 3660.' },
    });
    expect(await submit({ every: 'days', days: '30', day: '15' })).toEqual({
      kind: 'invalid',
      problems: { day: 'The first day of one period, such as 2026-01-15.' },
    });
    expect(read(messageOf(await submit({ every: 'none', day: '' })))).toBe('abmatic resets never.');
  });

  test('that was a correction is noted once, shows who said so, and is not counted as consumed', async () => {
    const talking = await fallen();
    const { say, pipeline } = talking;
    const consumed = async () =>
      (await runSql(pipeline.url, "SELECT history->>'consumed' AS consumed FROM meter WHERE key = 'apollo_contacts'"))[0]?.['consumed'];
    expect(await consumed()).toBe('1240');
    expect(await say('correction abmatic/apollo_contacts', anna)).toBe(
      'Noted: Apollo Contacts was corrected, not reset. Alerts now use the corrected figure.',
    );
    // What was used when counting began is taken back with the rest.
    expect(await consumed()).toBe(String(1_240 - 803_412));
    expect((await asked(talking))?.text).toMatch(/\n@U0ANNA: the vendor corrected it\. It was not a reset\.$/);
    expect(await say('correction apollo', tom)).toBe('@U0ANNA has already answered that.');
    expect(await consumed()).toBe(String(1_240 - 803_412));
    await pipeline.goTo('2026-11-22T08:00:00Z');
    pipeline.news();
    await pipeline.push([{ meter: 'apollo_contacts', used: 900_000, total: 1_000_000 }]);
    expect(pipeline.news()).toContainEqual(expect.stringContaining('Apollo Contacts reached 80%'));
  });

  test('of a meter whose period is known asks only whether it was a correction', async () => {
    const talking = await fallen(MANAGED);
    expect(await asked(talking)).toBeUndefined();
    await talking.pipeline.goTo('2026-11-21T09:00:00Z');
    await talking.pipeline.push([{ meter: 'apollo_contacts', used: 1_240, total: 1_000_000 }]);
    expect((await asked(talking))?.text).toBe(
      'Apollo Contacts fell from 803,412 to 1,240. I treated this as a reset and re-armed its alerts.\nNo reset was expected now.',
    );
  });
});

describe('/usage resets', () => {
  test.each([
    ['resets abmatic month 1', 'abmatic resets on the 1st of every month, next on 1 Dec.'],
    ['RESETS abmatic Monthly 3', 'abmatic resets on the 3rd of every month, next on 3 Dec.'],
    ['resets abmatic year', 'abmatic resets on 1 January each year, next on 1 Jan.'],
    ['resets abmatic every year on 15 March', 'abmatic resets on 15 March each year, next on 15 Mar.'],
    ['resets abmatic quarterly 1 feb', 'abmatic resets on the 1st of February, May, August and November, next on 1 Feb.'],
    ['resets abmatic every 30 days from 15 Jan', 'abmatic resets every 30 days, next on 11 Dec.'],
    [
      'resets abmatic every 30d',
      'abmatic resets every 30 days, next on 21 Dec.\nCounted from 21 Nov 2026. To count from another day: resets abmatic 30d from 2026-11-21',
    ],
    ['resets every 30 days from 15 Jan', 'abmatic resets every 30 days, next on 11 Dec.'],
    ['resets month 3', 'abmatic resets on the 3rd of every month, next on 3 Dec.'],
    ['resets abmatic weekly friday', 'abmatic resets every Friday, next on 27 Nov.'],
    ['resets abmatic daily', 'abmatic resets every day, next on 22 Nov.'],
    ['resets abmatic month last day', 'abmatic resets on the last day of every month, next on 30 Nov.'],
    [
      'resets abmatic month 99',
      `I don't understand "month 99" as the time when abmatic resets.
Type /usage resets abmatic month 1. Instead of month 1 you can write quarter 1 feb, half-year 1 jan, year 15 march, week friday, day, 30d from 2026-01-15, or never.`,
    ],
    ['resets abmatic never', 'abmatic resets never.'],
    ['resets nobody month 1', 'There are no figures from a source "nobody".'],
  ])('%j is answered', async (typed, says) => {
    const { say } = await fallen();
    expect(await say(typed)).toBe(says);
  });

  test.each(['resets abmatic', 'resets abmatic month 99', 'resets abmatic on fridays'])('%j opens the form', async (typed) => {
    const { chat } = await fallen();
    expect(await chat.answer(typed, tom)).toMatchObject({ kind: 'form', form: { title: 'When does it reset?' } });
  });

  test.each([
    ['resets abmatic week', 'next on 30 Nov.'],
    ['resets abmatic day', 'next on 26 Nov.'],
    ['resets abmatic week wednesday', 'next on 2 Dec.'],
    ['resets abmatic month 23', 'next on 23 Dec.'],
    ['resets abmatic 3d from 2026-11-20', 'next on 26 Nov.'],
  ])('%j counts from now and not from the last figures: %s', async (typed, says) => {
    const { say, pipeline } = await fallen();
    await pipeline.goTo('2026-11-25T08:00:00Z');
    expect(await say(typed)).toContain(says);
  });

  test('a cycle of days gives all known figures their period', async () => {
    const { say } = await fallen();
    await say('resets abmatic every 30 days from 15 Jan');
    expect(await say('campaigns')).toContain('\nPeriod 11 Nov – 11 Dec.\n');
    expect(await say('check campaigns 10 by 2027-01-20')).toContain('Fits into the period from 10 Jan.');
  });

  test('never overrules the file, and what was said in chat survives a start until the file says otherwise', async () => {
    const { say, pipeline } = await fallen();
    await say('resets abmatic month 15');
    await pipeline.declare(FILE);
    expect(await say('campaigns')).toContain('Period 15 Nov – 15 Dec.');
    await pipeline.declare(MANAGED);
    expect(await say('resets abmatic month 15')).toBe('creditwatch.yml sets when this resets. Change it there.');
  });

  test('is for admins where some are declared, in a direct message too, for it concerns all', async () => {
    const { say } = await fallen(FILE.replace('U0TOM, U0ANNA', 'U0OLGA'));
    const direct: Requester = { ...anna, direct: true, place: { kind: 'slack', address: 'U0ANNA' } };
    for (const typed of ['resets abmatic month 1', 'correction apollo'])
      expect(await say(typed, direct)).toBe('Rules are changed by @U0OLGA.');
  });

  test('keeps what the vendor itself says of its period', async () => {
    const { say, pipeline } = await startTalking(FILE, '2026-11-20T08:00:00Z');
    await pipeline.push([
      { meter: 'campaigns', used: 5, total: 100, period: { start: '2026-11-10T00:00:00Z', end: '2026-12-10T00:00:00Z' } },
    ]);
    await say('resets abmatic month 1');
    expect(await say('campaigns')).toContain('Period 10 Nov – 10 Dec.');
  });
});

test('a pre-flight that lacks the reset day offers to set it', async () => {
  const { ask, read } = await startTalking(FILE, '2026-11-20T08:00:00Z').then(async (talking) => {
    await talking.pipeline.push([{ meter: 'campaigns', used: 5, total: 100 }]);
    return talking;
  });
  const answer = await ask('check campaigns 10');
  expect(read(answer)).toContain("❓ Fits today, 95 left. I don't know the reset day.");
  expect(answer.buttons).toEqual([{ action: 'fill-in', label: 'Set reset day', value: 'reset-day abmatic' }]);
});
