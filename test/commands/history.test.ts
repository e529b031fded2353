import { describe, expect, test } from 'vitest';
import { startTalking, tom, type Talking } from '../support/talking.ts';

const FILE = `timezone: Europe/Berlin
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
`;
const NOW = '2026-11-10T11:00:00Z';
const at = (day: string, time = '11:00') => `2026-11-${day}T${time}:00Z`;

async function started(): Promise<Talking> {
  const talking = await startTalking(FILE, NOW);
  await talking.pipeline.push([
    { meter: 'campaigns', used: 100, total: 100_000, observedAt: at('03') },
    { meter: 'campaigns', used: 1_600, total: 100_000, observedAt: at('04') },
    { meter: 'campaigns', used: 2_000, total: 100_000, observedAt: at('05', '23:30') },
    { meter: 'campaigns', used: 5_000, total: 200_000, observedAt: at('09') },
    { meter: 'campaigns', used: 5_500, total: 200_000, observedAt: at('10') },
    { meter: 'open_ai', used: 7, total: null, observedAt: at('09') },
  ]);
  return talking;
}

describe('/usage history', () => {
  test('of seven days is a point a day, with what was used at its end', async () => {
    const { ask, read } = await started();
    const history = await ask('History campaigns  7D');
    expect(read({ ...history, lines: [] }).split('\n')[0]).toBe('Campaigns: 5,400 visitors used in the last 7 days');
    expect(history.verbatim).toBe(`From     Used  So far    Total
4 Nov   1,500   1,600  100,000
5 Nov       –       –        –
6 Nov     400   2,000  100,000
7 Nov       –       –        –
8 Nov       –       –        –
9 Nov   3,000   5,000  200,000
10 Nov    500   5,500  200,000`);
    expect(history.chart).toEqual({
      title: 'Visitors used per day',
      shape: 'bar',
      categories: ['4 Nov', '5 Nov', '6 Nov', '7 Nov', '8 Nov', '9 Nov', '10 Nov'],
      series: [{ name: 'visitors', values: [1500, null, 400, null, null, 3000, 500] }],
    });
    expect(history.buttons?.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      '30 days: history abmatic/campaigns 30d',
      '90 days: history abmatic/campaigns 90d',
      'CSV: export abmatic/campaigns 7d',
    ]);
  });

  test.each([
    ['history campaigns', '3 Nov', 4],
    ['history campaigns 30d', '3 Nov', 4],
    ['history campaigns 90d', '3 Nov', 2],
  ])('%j begins with the first figure, in the chart, the table and the words', async (typed, first, points) => {
    const { ask, read } = await started();
    const history = await ask(typed);
    expect(history.chart?.categories).toHaveLength(points);
    expect(history.chart?.categories[0]).toBe(first);
    expect(history.verbatim?.split('\n')[1]).toMatch(new RegExp(`^${first} `));
    expect(history.verbatim?.split('\n')).toHaveLength(points + 1);
    expect(read(history)).toContain('Campaigns: 5,400 visitors used since 3 Nov');
  });

  test.each([
    ['history campaigns', 15],
    ['history campaigns 90d', 13],
  ])('%j has few enough points for any platform once there are figures of all days', async (typed, points) => {
    const { ask, pipeline } = await started();
    await pipeline.push([{ meter: 'campaigns', used: 1, total: 100_000, observedAt: '2026-08-13T11:00:00Z' }]);
    await pipeline.push([{ meter: 'campaigns', used: 1, total: 100_000, observedAt: '2026-10-12T11:00:00Z' }]);
    const { chart } = await ask(typed);
    expect(chart?.categories).toHaveLength(points);
    expect(chart?.series[0]?.values).toHaveLength(points);
  });

  test('one meter in detail and the export begin with the first figure too', async () => {
    const { ask } = await started();
    expect((await ask('campaigns')).chart?.categories[0]).toBe('4 Nov');
    expect((await ask('export campaigns 90d')).verbatim?.trimEnd().split('\n').at(-1)).toContain('2026-11-03');
  });

  test('is printed with bars in the terminal', async () => {
    const { say } = await started();
    expect(await say('history campaigns 7d')).toContain(
      'Visitors used per day\n4 Nov   ▇▇▇▇▇▇▇▇▇▇            1,500\n5 Nov                         –\n',
    );
  });

  test('of one reading has nothing to draw, and of none says so', async () => {
    const { ask, say, pipeline } = await started();
    expect((await ask('history open_ai')).chart).toBeUndefined();
    pipeline.jump('2027-03-10T11:00:00Z');
    expect(await say('history campaigns')).toBe('Campaigns: no figures in the last 30 days');
  });

  test.each([
    ['history', 'Which meter?\nFor example: /usage history abmatic/campaigns 30d'],
    ['history campains 7d', 'No meter "campains". Did you mean Campaigns?\nAll meters: /usage'],
  ])('%j is answered with what to do', async (typed, says) => {
    const { say } = await started();
    expect(await say(typed)).toBe(says);
  });
});

describe('/usage export', () => {
  test('of one meter is CSV, the latest day first', async () => {
    const { ask, read } = await started();
    const exported = await ask('export campaigns 2026-11-05');
    expect(read({ ...exported, lines: exported.lines }).split('\n')[0]).toBe('Daily use since 5 Nov, newest first');
    expect(exported.verbatim).toBe(`account,source,meter,label,unit,day,period_start,period_end,consumed,used,total
default,abmatic,campaigns,Campaigns,visitors,2026-11-10,2026-10-31T23:00:00Z,2026-11-30T23:00:00Z,500,5500,200000
default,abmatic,campaigns,Campaigns,visitors,2026-11-09,2026-10-31T23:00:00Z,2026-11-30T23:00:00Z,3000,5000,200000
default,abmatic,campaigns,Campaigns,visitors,2026-11-06,2026-10-31T23:00:00Z,2026-11-30T23:00:00Z,400,2000,100000`);
  });

  test.each([
    ['export', 6],
    ['export 2d', 3],
    ['export since 2026-11-09', 3],
    ['EXPORT campaigns 30d', 5],
    ['export abmatic since 2d', 3],
  ])('%j has %s rows', async (typed, rows) => {
    const { ask } = await started();
    expect((await ask(typed)).verbatim?.split('\n')).toHaveLength(rows + 1);
  });

  test('of what does not fit shows the latest, and names the command for the operator', async () => {
    const { ask, read, pipeline } = await started();
    await pipeline.push(
      Array.from({ length: 40 }, (_, back) => ({
        meter: 'leads',
        used: 100 - back,
        observedAt: new Date(Date.parse(NOW) - back * 86_400_000).toISOString(),
      })),
    );
    const exported = await ask('export leads 40d');
    expect(read({ ...exported, verbatim: '' })).toMatch(
      /^Daily use since 2 Oct, newest first\n\d\d of 40 rows\. All of them: npx creditwatch export abmatic\/leads --since 2026-10-02$/,
    );
    expect(exported.verbatim?.length).toBeLessThanOrEqual(2500);
    expect(exported.verbatim).toContain('2026-11-10');
  });

  test.each([
    ['export nothing', 'No meter "nothing".\nAll meters: /usage'],
    [
      'export campaigns 2026-11-11',
      `I don't understand "2026-11-11" as a time in the past.\nFor example: 30d, last week, last month, this period, last period, since 1 nov.\nType /usage history abmatic/campaigns last month`,
    ],
  ])('%j is answered with why there is nothing', async (typed, says) => {
    const { say } = await started();
    expect(await say(typed)).toBe(says);
  });

  test('shows one account nothing of another', async () => {
    const { say } = await started();
    expect(await say('export', { ...tom, account: 'other' })).toMatch(/^No figures yet/);
  });
});

describe('/usage billing', () => {
  test('says whom to ask: of the catalogue, of the file, or where to write it down', async () => {
    const { say, pipeline } = await startTalking(`sources:\n  - { id: crm, kind: push, contacts: { billing: Eva in accounting } }\n`, NOW);
    await pipeline.push([{ meter: 'campaigns', used: 1, total: 10 }]);
    await pipeline.push([{ meter: 'seats', used: 1, total: 10 }], { source: 'crm' });
    await pipeline.push([{ meter: 'tokens', used: 1, total: 10 }], { source: 'other' });
    expect(await say('billing')).toBe(`Billing: whom to ask
Abmatic AI, invoices and payment: billing@abmatic.ai or your customer success manager
Abmatic AI, more credits: sales@abmatic.ai or your account manager
crm, invoices and payment: Eva in accounting
other: no contact is set. Set contacts for the source other in creditwatch.yml`);
    expect(await say('Billing seats')).toBe('Billing: whom to ask\ncrm, invoices and payment: Eva in accounting');
  });

  test('before there are figures says how to get some', async () => {
    const { say } = await startTalking('', NOW);
    expect(await say('billing')).toMatch(/^No figures yet/);
  });
});
