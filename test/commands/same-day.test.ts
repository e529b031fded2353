import { expect, test } from 'vitest';
import type { Message } from '../../src/core/text/message.ts';
import { slackView } from '../../src/slack/views/message.ts';
import { startTalking } from '../support/talking.ts';

/** The account's zone, and the period as its vendor sends it: all of them end with November. */
const CASES: readonly (readonly [zone: string, start: string, end: string])[] = [
  ['America/Los_Angeles', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
  ['America/Los_Angeles', '2026-11-01T07:00:00Z', '2026-12-01T08:00:00Z'],
  ['Pacific/Auckland', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
  ['Pacific/Auckland', '2026-10-31T11:00:00Z', '2026-11-30T11:00:00Z'],
  ['Europe/Berlin', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
  ['Europe/Berlin', '2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z'],
];

test.each(CASES)(
  'in %s, of a period from %s to %s: the reset is on 1 Dec in alert, overview, detail, pre-flight, mail, digest and what operations read, and every message has one clock',
  async (zone, start, end) => {
    const { pipeline, ask, read } = await startTalking(
      `timezone: ${zone}\nroutes: [{ slack: C0ALERTS, meters: all, operations: true, digest: { weekday: monday, at: "09:00" }, timezone: Asia/Tokyo }]\n`,
      '2026-11-10T09:00:00Z',
    );
    const messages: Message[] = [];
    for (let day = 10; day <= 22; day++) {
      await pipeline.goTo(`2026-11-${String(day)}T09:00:00Z`);
      await pipeline.push([{ meter: 'apollo_contacts', used: 650 + (day - 10) * 13, total: 1000, period: { start, end } }]);
    }
    const [alert = ''] = pipeline.news().filter((text) => text.includes('Apollo Contacts reached'));
    expect(alert).toMatch(/reset on 1 Dec|\(1 Dec\)/);
    for (const typed of [
      '',
      'details',
      'apollo',
      'check apollo 10',
      'check apollo 10 by 2026-12-20',
      'digest now',
      'alerts',
      'request apollo allocation',
    ]) {
      const message = await ask(typed);
      messages.push(message);
      const text = read(message);
      expect(text).not.toMatch(/\b(30|29) Nov\b.*reset|reset.*\b(30|29) Nov\b|\b2 Dec\b|until 30 Nov/);
      if (!['alerts'].includes(typed)) expect([typed, text]).toEqual([typed, expect.stringContaining('1 Dec')]);
    }
    await pipeline.goTo('2026-12-02T09:00:00Z');
    await pipeline.push([
      {
        meter: 'apollo_contacts',
        used: 3,
        total: 1000,
        period: { start: end, end: new Date(Date.parse(end) + 31 * 86_400_000).toISOString() },
      },
    ]);
    await pipeline.goTo('2026-12-02T12:00:00Z');
    expect(pipeline.news().find((text) => text.startsWith('🔄'))).toMatch(/^🔄 New Abmatic AI period: 1 Dec – 1 Jan\nNovember closed at/);
    for (const message of messages) {
      const { blocks } = slackView(message);
      const shown = JSON.stringify(blocks);
      // Only what has a time of its own follows the reader.
      expect(shown).not.toContain('"{date}"');
      const tokens = shown.includes('{time}');
      const texts = [...shown.matchAll(/"text":"([^"]*)"/g)].map((match) => match[1] ?? '');
      expect(tokens ? texts.filter((text) => /\b\d{1,2}:\d{2}\b/.test(text)) : []).toEqual([]);
    }
  },
);
