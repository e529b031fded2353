import { describe, expect, test } from 'vitest';
import { messageOf } from '../support/chat.ts';
import { startTalking, tom, type Talking } from '../support/talking.ts';

const FILE = `timezone: Europe/Berlin
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
`;
const TOTALS = {
  apollo_contacts: 1_000_000,
  campaigns: 1_000_000_000,
  open_ai: 1_500_000_000,
  abmatic_accounts: 4_000_000,
  abmatic_contacts: 20_000_000,
  abmatic_ip_reveal: 100_000_000,
};
const USED = {
  apollo_contacts: 803_412,
  campaigns: 494_936,
  open_ai: 4_984_062,
  abmatic_accounts: 24_171,
  abmatic_contacts: 40_982,
  abmatic_ip_reveal: 379_180,
};

/** Six meters, used evenly from 1 November to 18 November 14:05 in Berlin. */
async function six(): Promise<Talking> {
  const talking = await startTalking(FILE, '2026-11-18T13:05:00Z');
  const start = Date.parse('2026-10-31T23:00:00Z');
  const now = talking.pipeline.now().getTime();
  const days = Array.from({ length: 18 }, (_, back) => now - back * 86_400_000).toReversed();
  const meters = Object.entries(USED).map(([meter, used]) => ({ meter, used, total: TOTALS[meter as keyof typeof TOTALS] }));
  await talking.pipeline.push(
    days.flatMap((at) =>
      meters.map(({ meter, used, total }) => ({
        meter,
        total,
        used: at === now ? used : Math.floor((used * (at - start)) / (now - start)),
        observedAt: new Date(at).toISOString(),
      })),
    ),
  );
  return talking;
}

describe('the overview', () => {
  test('says what runs out when, and until when the rest lasts', async () => {
    const { say } = await six();
    expect(await say('')).toBe(`Credits: 1 of 6 needs attention · as of 14:05
🟠 Apollo Contacts  803,412 / 1,000,000 credits used · 80%
   ▓▓▓▓▓▓▓▓░░ 196,588 left · runs out 22 Nov, reset 1 Dec
🟢 Abmatic Accounts  24,171 / 4,000,000 credits used · 0.6%
🟢 Abmatic IP Reveal  379,180 / 100,000,000 lookups used · 0.3%
🟢 OpenAI Tokens  4,984,062 / 1,500,000,000 tokens used · 0.3%
🟢 Abmatic Contacts  40,982 / 20,000,000 credits used · 0.2%
🟢 Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%
All green meters last until 1 Dec.`);
  });

  test('can be shared, looked at in detail, and leads to the alerts', async () => {
    const { ask, press, read } = await six();
    const overview = await ask('');
    expect(overview.buttons?.map(({ label }) => label)).toEqual(['Share to channel', 'Details', 'Alerts (1)']);
    const shared = await press(overview, 'Share to channel');
    expect(shared).toMatchObject({ kind: 'message', to: 'everybody' });
    expect(messageOf(shared).buttons?.map(({ label }) => label)).toEqual(['Details', 'Alerts (1)']);
    const details = read(messageOf(await press(overview, 'Details')));
    expect(details).toContain('   ▓▓▓▓▓▓▓▓░░ 196,588 left · about 45,700 a day · runs out 22 Nov, reset 1 Dec\n');
    expect(details).toContain(
      '🟢 Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%\n   999,505,064 left · about 28,100 a day · reset 1 Dec\n',
    );
    expect(read(messageOf(await press(overview, 'Alerts (1)')))).toMatch(/^Alerts: 1 open\n🟠 Apollo Contacts reached 80%/);
  });

  test('cannot be shared where nobody else reads', async () => {
    const { ask } = await six();
    expect((await ask('', { ...tom, direct: true })).buttons?.map(({ label }) => label)).toEqual(['Details', 'Alerts (1)']);
  });

  test('shows figures that are too old with their age, and promises nothing on them', async () => {
    const { say, pipeline } = await six();
    pipeline.jump('2026-11-21T13:05:00Z');
    await pipeline.push([{ meter: 'campaigns', used: 500_000 }]);
    const text = await say('');
    expect(text).toContain('Credits: 1 fine, 5 out of date\n');
    expect(text).toContain('⚪ Apollo Contacts  803,412 / 1,000,000 credits used · 80% · as of 18 Nov 14:05\n   figures are 3 days old\n');
    pipeline.jump('2026-12-03T13:05:00Z');
    expect(await say('apollo')).toContain('   figures are 15 days old, their period ended 1 Dec\n');
  });
});

describe('one meter in detail', () => {
  test('shows pace, forecast, period, consequence and alert, with its trend and what can be done', async () => {
    const { ask, read, press } = await six();
    const detail = await ask('apollo');
    expect(read({ ...detail, lines: detail.lines }).split('\n\n')[0]).toBe(`🟠 Apollo Contacts  803,412 / 1,000,000 credits used · 80%
   ▓▓▓▓▓▓▓▓░░ 196,588 left · about 45,700 a day · runs out 22 Nov, reset 1 Dec
Period 1 Nov – 1 Dec. Use at most 15,800 a day to last.
When it runs out: Contact enrichment through Apollo may pause.
Alert since 5 Nov 14:05.`);
    expect(detail.chart).toMatchObject({ shape: 'bar', title: 'Credits used, per 2 days', series: [{ name: 'credits' }] });
    expect(detail.chart?.categories).toHaveLength(9);
    expect(detail.chart?.categories[0]).toBe('2 Nov');
    expect(detail.buttons?.map(({ label }) => label)).toEqual(["I'm on it", 'Request credits', 'Snooze', 'History']);
    await press(detail, "I'm on it");
    const after = await ask('apollo');
    expect(read(after)).toContain('\nAlert since 5 Nov 14:05.\n@U0TOM is on it, 14:05\n');
    expect(after.buttons?.map(({ label }) => label)).toEqual(['Request credits', 'Snooze', 'History']);
  });

  test('of what is fine says until when it lasts', async () => {
    const { ask, read } = await six();
    const detail = await ask('campaigns');
    expect(read(detail)).toContain('\nShould last until 1 Dec.\nPeriod 1 Nov – 1 Dec.\n');
    expect(detail.buttons?.map(({ label }) => label)).toEqual(['Request credits', 'History']);
  });
});

test('a pre-flight knows the pace, and says what helps', async () => {
  const { ask, read } = await six();
  const fitsUntil = await ask('check apollo 50k');
  expect(read(fitsUntil)).toBe(
    '⚠️ Fits only until about 21 Nov.\n196,588 Apollo Contacts left; after your 50,000 the usual 45,700 a day uses the rest in 3 days. To reach 1 Dec: about 421,000 more.\nAs of 14:05',
  );
  expect(fitsUntil.buttons).toEqual([{ action: 'request', label: 'Request credits', value: 'abmatic/apollo_contacts' }]);
  const fits = await ask('CHECK  campaigns 50k');
  expect(read(fits)).toBe('✅ Fits. 50,000 visitors; 999,505,064 left, lasts until 1 Dec. As of 14:05.');
  expect(fits.buttons).toEqual([{ action: 'share', label: 'Share', value: 'check campaigns 50k' }]);
  const several = await ask('check contacts 5k by friday');
  expect(read(several)).toBe('"contacts" could be Abmatic Contacts, Apollo Contacts. Which one?');
  expect(several.buttons?.[1]).toMatchObject({ value: 'check abmatic/apollo_contacts 5k by friday' });
});
