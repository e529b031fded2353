import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { onEveryHost } from '../support/host-zones.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const later = (instant: string, ms: number) => new Date(new Date(instant).getTime() + ms).toISOString();
const route = (channel: string, zone: string, weekday: string, at: string) =>
  `routes: [{ slack: ${channel}, meters: all, timezone: ${zone}, digest: { weekday: ${weekday}, at: "${at}" } }]\n`;
const sent = (pipeline: Pipeline, channel: string) => pipeline.messages.filter(({ address }) => address === channel).length;

/** In the order of the year: what is on the clock, and when that is. */
const CHANGES = [
  ['C0NEWYORK', 'America/New_York', 'sunday', '02:30', '2026-03-08T07:30:00Z'],
  ['C0BERLIN', 'Europe/Berlin', 'sunday', '02:30', '2026-03-29T01:30:00Z'],
  ['C0HOWE', 'Australia/Lord_Howe', 'sunday', '01:45', '2026-04-04T14:45:00Z'],
  ['C0CAIRO', 'Africa/Cairo', 'friday', '00:00', '2026-04-23T22:00:00Z'],
  ['C0HOWE2', 'Australia/Lord_Howe', 'sunday', '02:15', '2026-10-03T15:45:00Z'],
  ['C0BERLIN2', 'Europe/Berlin', 'sunday', '02:30', '2026-10-25T00:30:00Z'],
  ['C0DUBLIN', 'Europe/Dublin', 'sunday', '01:30', '2026-10-25T00:30:00Z'],
] as const;

onEveryHost(() => {
  test('where a change of clocks leaves a time out the digest is that much later, where it comes twice it is at the first; one each', async () => {
    const pipeline = await startPipeline('', '2026-03-01T00:00:00Z');
    for (const [channel, zone, weekday, at, due] of CHANGES) {
      pipeline.jump(later(due, -DAY_MS));
      await pipeline.declare(route(channel, zone, weekday, at));
      await pipeline.goTo(later(due, -1000));
      expect([channel, sent(pipeline, channel)]).toEqual([channel, 0]);
      await pipeline.goTo(due);
      expect([channel, sent(pipeline, channel)]).toEqual([channel, 1]);
      await pipeline.goTo(later(due, 3 * DAY_MS));
      expect([channel, sent(pipeline, channel)]).toEqual([channel, 1]);
    }
  });

  test('nobody there for 2 hours: one, marked late, whoever of several comes first; for 3 days: none, and on record', async () => {
    const pipeline = await startPipeline(route('C0ONE', 'Europe/Berlin', 'monday', '09:00'), '2026-11-08T12:00:00Z');
    pipeline.jump('2026-11-09T10:00:00Z');
    await Promise.all([pipeline.settle(), pipeline.settle()]);
    await pipeline.settle();
    expect(pipeline.messages.map(({ text }) => text.split('\n')[0])).toEqual([expect.stringContaining('(late)')]);
    pipeline.jump('2026-11-19T08:00:00Z');
    await Promise.all([pipeline.settle(), pipeline.settle()]);
    expect(sent(pipeline, 'C0ONE')).toBe(1);
    expect(await runSql(pipeline.url, 'SELECT week, outcome FROM digest_run ORDER BY week')).toEqual([
      { week: '2026-W46', outcome: 'late' },
      { week: '2026-W47', outcome: 'skipped' },
    ]);
  });
});
