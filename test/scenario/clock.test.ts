import { expect, onTestFinished, test } from 'vitest';
import { runningService } from '../http/running-service.ts';
import { systemClock } from '../../src/app/system-clock.ts';

test.each([
  ['an hour behind the database is said at start', -3_600_000, 1],
  ['an hour ahead of the database is said at start', 3_600_000, 1],
  ['half a minute off is not worth a word', 30_000, 0],
])('a clock %s, and pushes are taken all the same', async (_what, offMs, times) => {
  const clock = { ...systemClock, now: () => new Date(Date.now() + offMs) };
  const service = await runningService({ clock });
  onTestFinished(() => service.stop());
  const said = service.log.lines.filter(({ level, message }) => level === 'warn' && message.includes('more than a minute apart'));
  expect(said).toHaveLength(times);
  for (const { fields } of said) expect(Math.round(Number(fields['skewMs']) / 60_000)).toBe(-offMs / 60_000);
  expect((await service.push({ readings: [{ meter: 'm', used: 1 }] })).status).toBe(202);
});
