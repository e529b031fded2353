import { expect, test } from 'vitest';
import { startTalking } from '../support/talking.ts';

const CLOCK_TIME = /\d{1,2}:\d{2}/;

/** A vendor that stamps its figures by day, in an account of a zone. */
async function stampedByDay(timeZone: string) {
  const talking = await startTalking(
    `
timezone: ${timeZone}
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes: [{ slack: C0ALERTS, meters: all, digest: { weekday: monday, at: "09:00" } }]
`,
    '2026-11-26T18:00:00Z',
  );
  for (const [day, used] of [
    ['2026-11-26', 700],
    ['2026-11-27', 750],
    ['2026-11-28', 900],
  ] as const) {
    await talking.pipeline.goTo(`${day}T18:00:00Z`);
    await talking.pipeline.push([{ meter: 'apollo_contacts', used, total: 1000, observedAt: day }]);
  }
  return talking;
}

test.each(['Pacific/Honolulu', 'America/New_York', 'UTC', 'Europe/Berlin', 'Asia/Kolkata'])(
  'a stamp that is only a day means that day in %s, and is shown without a clock time',
  async (timeZone) => {
    const { pipeline, say } = await stampedByDay(timeZone);
    for (const command of ['', 'details', 'apollo', 'alerts', 'check apollo 10', 'request apollo']) {
      const answer = await say(command);
      expect(answer, command).toMatch(/as of 28 Nov/i);
      expect(answer, command).not.toMatch(CLOCK_TIME);
    }
    expect(await say('history apollo 3d')).toMatch(/28 Nov\W+150[\s\S]*27 Nov\W+50/);
    const [alert] = pipeline.messages.filter(({ text }) => text.includes('reached 80'));
    expect(alert?.text).toContain('As of 28 Nov.');
    expect(alert?.text).not.toMatch(CLOCK_TIME);

    await pipeline.goTo('2026-11-29T18:00:00Z');
    await pipeline.push([{ meter: 'apollo_contacts', used: 910, total: 1000, observedAt: '2026-11-29' }]);
    await pipeline.goTo('2026-11-30T19:00:00Z');
    const [digest] = pipeline.messages.filter(({ summary }) => summary.startsWith('Credits digest'));
    expect(digest?.text).toContain('As of 29 Nov');
    expect(digest?.text).not.toMatch(CLOCK_TIME);
  },
);

test('a day that has not begun in the zone of the account is taken at its arrival, and shown as a day', async () => {
  const { pipeline, say } = await stampedByDay('America/New_York');
  // 20:00 on the 28th in New York, and the 29th where the vendor is.
  await pipeline.goTo('2026-11-29T01:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 905, total: 1000, observedAt: '2026-11-29' }]);
  expect(await say('')).toContain('as of 28 Nov');
  expect(await say('')).not.toMatch(CLOCK_TIME);
  await pipeline.goTo('2026-11-29T12:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 910, total: 1000, observedAt: '2026-11-29' }]);
  expect(await say('')).toContain('910 / 1,000');
});

test('an instant keeps its time, also at midnight in UTC', async () => {
  const { pipeline, say } = await stampedByDay('America/New_York');
  await pipeline.goTo('2026-11-29T08:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 905, total: 1000, observedAt: '2026-11-29T00:00:00Z' }]);
  expect(await say('')).toMatch(/as of \d{1,2}:00|as of 29 Nov 0\d:00/);
});
