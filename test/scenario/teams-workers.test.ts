import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedTeams } from '../support/teams/connected.ts';

const CHANNELS = Array.from({ length: 60 }, (_unused, index) => `19:c${String(index)}@thread.tacv2`);
const FILE = `routes:\n${CHANNELS.map((channel) => `  - { teams: "${channel}", meters: all, digest: false }`).join('\n')}\n`;

/** A quarter of the real one. */
const PACE_MS = 500;

test('two workers together keep to what Teams takes of one bot in an organisation, and in one conversation', async () => {
  const teams = await connectedTeams();
  const { url } = await createDatabase();
  const start = (role: string) =>
    startApp({ dataDir: dataFolder(), databaseUrl: url, file: FILE, env: { ...teams.env, ROLE: role }, times: { paceMs: PACE_MS } });
  const web = await start('web');
  await Promise.all([start('worker'), start('worker')]);
  const rows = CHANNELS.map((channel) => `('${channel}', 'default', 'home', 'channel', '${teams.serviceUrl}', now())`);
  await runSql(url, `INSERT INTO teams_conversation (id, account_id, tenant_id, scope, service_url, seen_at) VALUES ${rows.join(', ')}`);

  await web.push({ readings: [readingNow('leads', 850)] });
  await teams.posts.next(() => teams.posts.all.length === CHANNELS.length, 20_000);
  const first = teams.calls.all.map(({ at }) => at);
  // 55 turns after those that go at once; each worker on its own would be done after 0.6 s. A slow first call may eat up a part of the difference.
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(900);

  await web.push({ readings: [readingNow('leads', 1001)] });
  await expect
    .poll(() => teams.posts.all.filter(({ text }) => text.includes('see the newer message')).length, { timeout: 40_000 })
    .toBe(CHANNELS.length);
  for (const channel of CHANNELS) {
    const calls = teams.calls.all.filter(({ conversation }) => conversation.startsWith(channel)).map(({ at }) => at);
    expect(calls).toHaveLength(3);
    for (const [index, at] of calls.entries()) expect(at - (calls[index - 1] ?? 0)).toBeGreaterThanOrEqual(PACE_MS);
  }
}, 90_000);
