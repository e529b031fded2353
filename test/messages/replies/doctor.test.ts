import { expect, test } from 'vitest';
import { slackCheckedText, teamsCheckedText } from '../../../src/messages/platforms/connection-check.ts';
import { checkedText, type Checked } from '../../../src/messages/replies/doctor.ts';

const FOLDER = { kind: 'data-folder', dataDir: '/data' } as const;
const NOTHING = { rows: 0, bytes: 0, rowBytes: 0, recentRows: 0 };
const USE = {
  databaseBytes: 12_000_000,
  readings: { rows: 1_234, bytes: 163_840, rowBytes: 133, recentRows: 1_000 },
  deliveries: [NOTHING],
  days: 7,
};
const ROUTE = { kind: 'route', name: 'slack:C0ALERTS' } as const;
const SUBSCRIBE = 'Type /usage subscribe in a channel, or add a route to creditwatch.yml.';
const COPY = 'Copy the Signing Secret from Basic Information of your Slack app into SLACK_SIGNING_SECRET, and restart.';

test.each<[Checked, string]>([
  [{ kind: 'configuration', file: '/etc/creditwatch.yml' }, 'Configuration: /etc/creditwatch.yml'],
  [{ kind: 'configuration', file: null }, 'Configuration: no creditwatch.yml: defaults are used'],
  [{ kind: 'notice', notice: 'INGEST_KEY is ignored.' }, 'Configuration: INGEST_KEY is ignored.'],
  [{ ...FOLDER, problem: null }, 'Data folder: /data'],
  [{ ...FOLDER, problem: 'missing' }, 'Data folder: /data is made at the first start'],
  [{ ...FOLDER, problem: 'unusable' }, 'Data folder: /data cannot be used by this user. Make it writable, or set DATA_DIR.'],
  [{ ...FOLDER, problem: { freeMb: 12 } }, 'Data folder: /data has only 12 MB left. Free some space.'],
  [{ kind: 'key-expiry', source: 'acme', says: 'expires in 30 days (31 Dec 2026)' }, 'Key of acme: expires in 30 days (31 Dec 2026)'],
  [{ kind: 'service', running: null }, 'Service: not running. Start it: npm start'],
  [{ kind: 'service', running: { url: 'http://127.0.0.1:3000', pid: 7 } }, 'Service: http://127.0.0.1:3000, process 7'],
  [{ kind: 'database', found: 'stopped' }, 'Database: the embedded PostgreSQL is not running; it starts with the service'],
  [
    { kind: 'database', found: 'embedded' },
    'Database: embedded PostgreSQL, up to date. It is for one machine and for trying out; for production set DATABASE_URL',
  ],
  [{ kind: 'database', found: 'server' }, 'Database: PostgreSQL of DATABASE_URL, up to date'],
  [{ kind: 'database', found: { problem: 'It does not answer.' } }, 'Database: It does not answer.'],
  [
    { kind: 'storage', use: USE, outlook: { growthPerDay: null, levelsOffAtBytes: null, lastsDays: null }, freeBytes: 64_000_000_000 },
    'Storage: 12 MB, of which 164 kB for about 1,200 readings; 64 GB free. How fast it grows is shown after the first day',
  ],
  [
    {
      kind: 'storage',
      use: USE,
      outlook: { growthPerDay: 1_200_000, levelsOffAtBytes: 120_000_000, lastsDays: null },
      freeBytes: 64_000_000_000,
    },
    'Storage: 12 MB, of which 164 kB for about 1,200 readings; 64 GB free. It grows by 1.2 MB a day and levels off at about 120 MB, for which the disk is large enough',
  ],
  [
    { kind: 'storage', use: USE, outlook: { growthPerDay: 3e9, levelsOffAtBytes: 270e9, lastsDays: 21 }, freeBytes: 64_000_000_000 },
    'Storage: 12 MB, of which 164 kB for about 1,200 readings; 64 GB free. It grows by 3 GB a day and levels off at about 270 GB: the disk lasts 21 days. Free some space, or keep less: retention in creditwatch.yml',
  ],
  [
    { kind: 'storage', use: USE, outlook: { growthPerDay: 999, levelsOffAtBytes: null, lastsDays: 1 }, freeBytes: 1200 },
    'Storage: 12 MB, of which 164 kB for about 1,200 readings; 1.2 kB free. It grows by 1 kB a day: the disk lasts 1 day. Free some space, or keep less: retention in creditwatch.yml',
  ],
  [
    { kind: 'storage', use: USE, outlook: { growthPerDay: 0, levelsOffAtBytes: 12e6, lastsDays: null }, freeBytes: null },
    'Storage: 12 MB, of which 164 kB for about 1,200 readings. It did not grow in the last days',
  ],
  [
    { kind: 'storage', use: USE, outlook: { growthPerDay: 5e6, levelsOffAtBytes: 450e6, lastsDays: null }, freeBytes: null },
    'Storage: 12 MB, of which 164 kB for about 1,200 readings. It grows by 5 MB a day and levels off at about 450 MB',
  ],
  [{ kind: 'clock', aheadMs: 90_400 }, 'Clock: the database is 90 s ahead of this machine. Correct one of the clocks.'],
  [{ kind: 'clock', aheadMs: -90_400 }, 'Clock: the database is 90 s behind this machine. Correct one of the clocks.'],
  [{ kind: 'queue', isRedis: false, problem: null }, 'Queue: in PostgreSQL'],
  [
    { kind: 'queue', isRedis: true, problem: 'no-answer' },
    'Queue: Redis of REDIS_URL does not answer. Alerts go out more slowly; check REDIS_URL and that Redis runs.',
  ],
  [
    {
      kind: 'queue',
      isRedis: true,
      problem: [
        { kind: 'may-evict', policy: 'allkeys-lru' },
        { kind: 'commands-refused', commands: ['EVAL (no)'] },
      ],
    },
    'Queue: maxmemory-policy is allkeys-lru, so Redis may drop queued jobs. Set it to noeviction. The user of REDIS_URL may not use EVAL (no). Allow it: ACL SETUSER <user> ~bull:* &* +@all -@admin -@dangerous +info',
  ],
  [
    { kind: 'queue', isRedis: true, problem: [{ kind: 'user-refused', said: 'WRONGPASS no' }] },
    'Queue: Redis refuses the user of REDIS_URL (WRONGPASS no). Check its name, password and rights.',
  ],
  [{ kind: 'ingest-key', found: 'to-make' }, 'Ingest key: not made yet: the next start makes one'],
  [{ kind: 'ingest-key', found: { says: 'from INGEST_KEY' } }, 'Ingest key: from INGEST_KEY'],
  [{ kind: 'encryption', says: 'nothing is stored encrypted' }, 'Encryption: nothing is stored encrypted'],
  [{ kind: 'source', source: 'north/apollo', says: 'no success yet' }, 'Source north/apollo: no success yet'],
  [{ kind: 'figures', says: 'from the future' }, 'Figures: from the future'],
  [{ ...ROUTE, pending: 0, problem: null }, 'Route slack:C0ALERTS: on'],
  [{ ...ROUTE, pending: 2, problem: { trouble: 'HTTP 429' } }, 'Route slack:C0ALERTS: on, 2 waiting, tried again: HTTP 429'],
  [
    { ...ROUTE, pending: 0, problem: { disabled: 'It is archived. Unarchive it.' } },
    'Route slack:C0ALERTS: off: It is archived. Unarchive it. Then: npx creditwatch test slack:C0ALERTS',
  ],
  [
    { kind: 'no-routes', account: null, instead: ['terminal', 'slack:U0A'] },
    `Alerts: no channel gets alerts yet, so they go to terminal, slack:U0A. ${SUBSCRIBE}`,
  ],
  [
    { kind: 'not-routed', account: 'north', meters: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], instead: ['terminal'] },
    `Alerts of north: no route covers a, b, c, d, e and 2 more, so their alerts go to terminal. ${SUBSCRIBE}`,
  ],
  [
    { kind: 'not-connected', platform: 'Slack', variable: 'SLACK_BOT_TOKEN', steps: 'README.md has five steps.' },
    'Slack: SLACK_BOT_TOKEN is not set. README.md has five steps.',
  ],
  [{ kind: 'heartbeat', host: null }, 'Heartbeat: HEARTBEAT_URL is not set: no one is alerted when this machine is down'],
  [{ kind: 'heartbeat', host: 'hc-ping.com' }, 'Heartbeat: goes to hc-ping.com once a minute while the service works'],
])('doctor words %j', (checked, line) => {
  const { what, says } = checkedText(checked);
  expect(`${what}: ${says}`).toBe(line);
});

const AT = new Date('2026-11-24T08:00:00Z');

test.each([
  [slackCheckedText({ kind: 'no-database' }), 'installed by OAuth. The token is in the database, which is not available now'],
  [slackCheckedText({ kind: 'connected', team: 'Growth', at: null }), 'connected to Growth, Socket Mode'],
  [slackCheckedText({ kind: 'connected', team: 'Growth', at: '/slack/events' }), 'connected to Growth, HTTP at /slack/events'],
  [
    slackCheckedText({ kind: 'request-refused', why: 'signature', at: AT }),
    `the latest one (2026-11-24T08:00:00.000Z) was refused with 401, because SLACK_SIGNING_SECRET does not match its signature. ${COPY}`,
  ],
  [
    slackCheckedText({ kind: 'request-refused', why: 'clock', at: AT }),
    'the latest one (2026-11-24T08:00:00.000Z) was refused with 401, because its timestamp is more than five minutes off. Correct the clock of this machine.',
  ],
  [slackCheckedText({ kind: 'request-accepted', at: AT }), 'SLACK_SIGNING_SECRET matches, as of the request at 2026-11-24T08:00:00.000Z'],
  [
    slackCheckedText({ kind: 'no-request', isRunning: true, isUsual: true }),
    'no request since the start, so SLACK_SIGNING_SECRET is not verified: type /usage in Slack once.',
  ],
  [
    slackCheckedText({ kind: 'no-request', isRunning: false, isUsual: false }),
    `the service is not running, so SLACK_SIGNING_SECRET is not verified: type /usage in Slack once. It does not look like one of Slack's, which are 32 digits and letters from a to f. If commands fail: ${COPY}`,
  ],
  [teamsCheckedText('anonymous'), 'TEAMS_ALLOW_ANONYMOUS is on, for an emulator on this machine: senders are not authenticated'],
  [
    teamsCheckedText({ appId: '0000-1', at: '/api/messages' }),
    'Microsoft accepts the credentials of 0000-1; messages come to /api/messages',
  ],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
