import { describe, expect, test } from 'vitest';
import { LONGEST_LABEL, type Message } from '../../src/core/text/message.ts';
import { startTalking, type Talking } from '../support/talking.ts';

const FILE = `timezone: Europe/Berlin
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
  - { id: money, kind: push, period: { every: none }, meters: { spend: { label: Spend, unit: EUR, decimals: 2 } } }
`;
const NOW = '2026-11-18T13:05:00Z';
const MOST = 2n ** 63n - 1n;
const EVIL = '*<!channel>* & <@U1|x> ${x} ‮gnp.exe';

async function extremes(): Promise<Talking> {
  const talking = await startTalking(FILE, NOW);
  const { pipeline } = talking;
  await pipeline.push([
    { meter: 'old', used: 9, total: 10, observedAt: '2026-10-20T08:00:00Z' },
    { meter: 'stale', used: 9, total: 10, observedAt: '2026-11-15T08:00:00Z' },
  ]);
  await pipeline.push([
    { meter: 'largest', used: String(MOST), total: String(MOST) },
    { meter: 'unlimited', used: 494_936, total: null, unit: 'visitors' },
    { meter: 'nothing', used: 0, total: 0 },
    { meter: 'over-nothing', used: 5, total: 0 },
    { meter: 'evil', label: EVIL, used: 1, total: 1000 },
    { meter: 'alerts', label: 'Alerts', used: 1, total: 1000 },
  ]);
  await pipeline.push([{ meter: 'spend', used: '80.05', total: '100.5' }], { source: 'money' });
  return talking;
}

/** What every platform is promised of a message. */
function sound({ title, summary, lines, chart, verbatim, buttons = [] }: Message): void {
  expect(title.length).toBeGreaterThan(0);
  expect(summary.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(50);
  expect(verbatim?.length ?? 0).toBeLessThanOrEqual(3000);
  expect(buttons.length).toBeLessThanOrEqual(5);
  for (const { label, value } of buttons) {
    expect(Array.from(label).length).toBeLessThanOrEqual(LONGEST_LABEL);
    expect(value.length).toBeLessThanOrEqual(500);
  }
  expect(chart?.categories.length ?? 0).toBeLessThanOrEqual(20);
  for (const name of chart?.categories ?? []) expect(name.length).toBeLessThanOrEqual(20);
}

const DETAILS: readonly (readonly [string, string])[] = [
  [
    'largest',
    `🔴 Largest  9,223,372,036,854,775,807 / 9,223,372,036,854,775,807 used · 100%
   ▓▓▓▓▓▓▓▓▓▓ 0 left · reset 1 Dec
Period 1 Nov – 1 Dec.
Alert since 14:05.
abmatic/largest · as of 14:05`,
  ],
  [
    'unlimited',
    `🟢 Unlimited  494,936 visitors used · unlimited
   reset 1 Dec
Period 1 Nov – 1 Dec.
abmatic/unlimited · as of 14:05`,
  ],
  [
    'nothing',
    `🟢 Nothing  0 / 0 used · none included
   0 left · reset 1 Dec
Period 1 Nov – 1 Dec.
abmatic/nothing · as of 14:05`,
  ],
  [
    'over-nothing',
    `🔴 Over Nothing  5 / 0 used · over
   5 over · reset 1 Dec
Period 1 Nov – 1 Dec.
Alert since 14:05.
abmatic/over-nothing · as of 14:05`,
  ],
  [
    'old',
    `⚪ Old  9 / 10 used · 90%
   figures are 29 days old, their period ended 1 Nov
Period 1 Oct – 1 Nov.
Alert since 20 Oct 10:00.
abmatic/old · as of 20 Oct 10:00`,
  ],
  [
    'stale',
    `⚪ Stale  9 / 10 used · 90%
   figures are 3 days old
Period 1 Nov – 1 Dec.
Alert since 15 Nov 09:00.
abmatic/stale · as of 15 Nov 09:00`,
  ],
  [
    'spend',
    `🟢 Spend  80.05 / 100.50 EUR used · 20.45 left
Too early to tell how long it lasts.
A balance: it does not reset.
money/spend · as of 14:05`,
  ],
  [
    'abmatic/evil',
    `🟢 ${EVIL.replace('\u202E', '')}  1 / 1,000 used · 0.1%
   999 left · reset 1 Dec
Too early to tell how long it lasts.
Period 1 Nov – 1 Dec.
abmatic/evil · as of 14:05`,
  ],
];

const ANSWERS: readonly (readonly [string, string])[] = [
  ['check largest 5', '❌ Does not fit: 5 needed, 0 left, 5 short.\nAs of 14:05'],
  ['check unlimited 9,223,372,036,854,775,807', '✅ Fits: unlimited.'],
  ['check nothing 1', '❌ Does not fit: 1 needed, 0 left, 1 short.\nAs of 14:05'],
  ['check stale 1', "❓ Can't say: figures are 3 days old (1 left then)."],
  ['check old 1', "❓ Can't say: the period of the figures has ended (1 left on 20 Oct)."],
  ['check spend 20.45', '✅ Fits. 20.45 EUR; 20.45 left. Too early to tell how long the rest lasts. As of 14:05.'],
  ['request unlimited plan', 'Unlimited is unlimited, so there is nothing to ask for.'],
  [
    'export spend 1d',
    'Daily use since 18 Nov, newest first\n\naccount,source,meter,label,unit,day,period_start,period_end,consumed,used,total\ndefault,money,spend,Spend,EUR,2026-11-18,,,0.00,80.05,100.50',
  ],
  ['history unlimited 7d', 'Unlimited: 0 visitors used since 18 Nov'],
];

describe('figures at their extremes', () => {
  test('are shown exactly, one meter each', async () => {
    const { say } = await extremes();
    for (const [name, text] of DETAILS) expect.soft(await say(name), name).toBe(text);
  });

  test('are answered in words that say what they are', async () => {
    const { say } = await extremes();
    for (const [typed, text] of ANSWERS) expect.soft((await say(typed)).slice(0, text.length), typed).toBe(text);
  });

  test('of a meter that is called like a command are had by its full name', async () => {
    const { say } = await extremes();
    expect(await say('abmatic/alerts')).toContain('🟢 Alerts  1 / 1,000 used');
    expect(await say('alerts')).toMatch(/^Alerts: \d open\n/);
  });

  test('leave every answer sound', async () => {
    const { ask, read } = await extremes();
    const words = ['check', 'history', 'export', 'request', 'snooze', 'correction'];
    const names = [...DETAILS.map(([name]) => name), 'nobody', 'abmatic'];
    const typed = [
      '',
      'details',
      'digest',
      'billing',
      'export',
      'help',
      'subscribe',
      'import',
      'resets abmatic',
      'unlimited 5',
      '<@U1|x>',
      '  Help  ',
      ...words.flatMap((word) => names.map((name) => `${word} ${name}${word === 'check' ? ' 5' : ''}`)),
      'alerts',
    ];
    for (const text of typed) {
      const message = await ask(text);
      sound(message);
      expect.soft(read(message), text).not.toMatch(/NaN|Infinity|undefined|\[object|\bnull\b/);
    }
  });
});

test('of 200 meters every answer says how many more there are, or asks which', async () => {
  const { pipeline, ask, read } = await startTalking(FILE, NOW);
  await pipeline.push(
    Array.from({ length: 200 }, (_, index) => ({
      meter: `meter-${String(index)}`,
      label: `Meter ${String(index)} ${'Ω'.repeat(150)}`,
      used: 900,
      total: 1000,
    })),
  );
  for (const typed of [
    '',
    'details',
    'alerts',
    'meter',
    'digest',
    'export',
    'check meter 5',
    'history meter',
    'snooze meter',
    'request meter',
    'subscribe abmatic',
  ]) {
    const message = await ask(typed);
    sound(message);
    expect.soft(read(message), typed).toMatch(/\+\d+ more|and \d+ more|too many for a message/);
  }
});

test.each([
  '',
  'apollo',
  'details',
  'alerts',
  'check apollo 5',
  'history apollo',
  'export',
  'request apollo',
  'snooze apollo',
  'digest',
  'billing',
])('before there are any figures %j says the next step', async (typed) => {
  const { say, ask } = await startTalking(FILE, NOW);
  expect(await say(typed)).toMatch(
    typed === 'alerts'
      ? /^No open alerts\.$/
      : /No figures yet\.\nFastest: open the vendor's usage page, copy everything, and paste it: \/usage import/,
  );
  if (typed !== 'alerts') expect((await ask(typed)).buttons?.[0]).toMatchObject({ action: 'fill-in', value: 'import' });
});
