import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConfigProblem } from '../../src/config/config.ts';
import { describeProblems } from '../../src/config/config.ts';
import { loadConfig } from '../../src/app/load-config.ts';
import { slackUser } from '../support/people.ts';

function load(text: string | null, env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-config-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  if (text !== null) writeFileSync(join(cwd, 'creditwatch.yml'), text);
  return loadConfig({ env, cwd });
}

function mistakes(text: string, env: Record<string, string> = {}): readonly string[] {
  const config = load(text, env);
  return config.ok ? [] : config.error.map(({ where, message }: ConfigProblem) => `${where}: ${message}`);
}

function accepted(text: string | null, env: Record<string, string> = {}) {
  const config = load(text, env);
  if (!config.ok) throw new Error(describeProblems(config.error));
  return config.value;
}

const LEVEL = 'must be a percentage such as 80% or 99.5%, an amount such as 50000, or { used: … } or { remaining: … } with a severity';
const AGE = 'must be a number of days or years from 10d to 100y, such as 90d or 3y, or forever';
const NAME = 'must have 1 to 200 characters, without control characters or a slash';

describe('a mistake in creditwatch.yml is named with its line and key', () => {
  test.each<[string, string]>([
    ['timezon: UTC', 'creditwatch.yml:1 timezon: unknown key, did you mean "timezone"?'],
    ['retention: 90d', 'creditwatch.yml:1 retention: must be a group of keys'],
    ['retention: { readings: 90d }', 'creditwatch.yml:1 retention.readings: unknown key, did you mean "allReadings"?'],
    ['retention: { alReadings: 90d }', 'creditwatch.yml:1 retention.alReadings: unknown key, did you mean "allReadings"?'],
    ['retention: { allReadings: 9d }', `creditwatch.yml:1 retention.allReadings: ${AGE}`],
    ['retention: { allReadings: 90 }', `creditwatch.yml:1 retention.allReadings: ${AGE}`],
    ['retention: { dailyReadings: 101y }', `creditwatch.yml:1 retention.dailyReadings: ${AGE}`],
    ['retention: { dailyReadings: never }', `creditwatch.yml:1 retention.dailyReadings: ${AGE}`],
    [
      'retention: { deliveries: 39d }',
      'creditwatch.yml:1 retention.deliveries: must be a number of days or years from 40d to 100y, such as 400d or 3y, or forever',
    ],
    [
      'retention: { dailyReadings: 60d }',
      'creditwatch.yml:1 retention.dailyReadings: must not be shorter than allReadings (90d if it is not set), because every reading counts as one of its day',
    ],
    [
      'retention: { allReadings: forever }',
      'creditwatch.yml:1 retention.allReadings: must not be longer than dailyReadings (3y if it is not set): set dailyReadings to the same or longer',
    ],
    [
      'accounts: { north: { retention: { deliveries: 1y } } }',
      'creditwatch.yml:1 accounts.north.retention: unknown key here; docs/configuration.md lists the keys',
    ],
    ['ratelimit: 5', 'creditwatch.yml:1 ratelimit: unknown key; docs/configuration.md lists the keys'],
    ['admins: []\nsources:\n  - id: a\n    kidn: push', 'creditwatch.yml:3 sources[0].kind: must be push, import, http or mail'],
    [
      'sources:\n  - id: a\n    kind: push\n    perod: { every: month }',
      'creditwatch.yml:4 sources[0].perod: unknown key, did you mean "period"?',
    ],
    ['sources: [{ id: a, kind: push, expires: soon }]', 'creditwatch.yml:1 sources[0].expires: must be a date such as 2026-12-31'],
    ['sources: [{ id: a, kind: push, expires: 2026-02-30 }]', 'creditwatch.yml:1 sources[0].expires: must be a date such as 2026-12-31'],
    [
      'sources: [{ id: a, kind: import, expires: 2026-12-31 }]',
      'creditwatch.yml:1 sources[0].expires: is for sources with a key: push and http',
    ],
    ['sources: [{ id: a, kind: push, kidn: push }]', 'creditwatch.yml:1 sources[0].kidn: unknown key, did you mean "kind"?'],
    [
      'sources: [{ id: a, kind: push, url: "http://x" }]',
      'creditwatch.yml:1 sources[0].url: unknown key here; docs/configuration.md lists the keys',
    ],
    [
      'sources: [{ id: a, kind: push, every: 5m }]',
      'creditwatch.yml:1 sources[0].every: unknown key here; docs/configuration.md lists the keys',
    ],
    [
      'sources: [{ id: a, kind: push, meters: { x: { labl: X } } }]',
      'creditwatch.yml:1 sources[0].meters.x.labl: unknown key, did you mean "label"?',
    ],
    ['rules: [{ kind: threshold, level: [80%], levels: [80%] }]', 'creditwatch.yml:1 rules[0].level: unknown key, did you mean "levels"?'],
    ['rules: [{ kind: threshold, levels: [{ usd: 80% }] }]', 'creditwatch.yml:1 rules[0].levels[0].usd: unknown key, did you mean "used"?'],
    ['routes: [{ slac: C0123456789 }]', 'creditwatch.yml:1 routes[0].slac: unknown key, did you mean "slack"?'],
    [
      'routes: [{ slack: C0123456789, mention: { critcal: [U1] } }]',
      'creditwatch.yml:1 routes[0].mention.critcal: unknown key, did you mean "critical"?',
    ],
    ['accounts:\n  north: { slackTeam: [T1] }', 'creditwatch.yml:2 accounts.north.slackTeam: unknown key, did you mean "slackTeams"?'],

    ['sources:\n  - { id: a, kind: pusch }', 'creditwatch.yml:2 sources[0].kind: must be push, import, http or mail'],
    [
      'rules: [{ kind: treshold, levels: [80%] }]',
      'creditwatch.yml:1 rules[0].kind: must be one of threshold, forecast, spike, under-use or stale',
    ],
    [
      'rules: [{ kind: toString, levels: [80%] }]',
      'creditwatch.yml:1 rules[0].kind: must be one of threshold, forecast, spike, under-use or stale',
    ],
    ['rules: [{ kind: threshold, levels: [80%], firstSight: never }]', 'creditwatch.yml:1 rules[0].firstSight: must be announce or seed'],
    [
      'sources: [{ id: a, kind: push, period: { every: fortnight } }]',
      'creditwatch.yml:1 sources[0].period.every: must be day, week, month, quarter, half-year, year, none, or a number of days such as 30d',
    ],
    [
      'sources:\n  - id: a\n    kind: push\n    period: { every: 30d }',
      'creditwatch.yml:4 sources[0].period.start: is missing: it must be the first day of one of the periods, such as 2026-01-15',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: 30d, start: 15 Jan } }]',
      'creditwatch.yml:1 sources[0].period.start: must be a date such as 2026-01-15',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: 30d, start: 2026-02-30 } }]',
      'creditwatch.yml:1 sources[0].period.start: must be a date such as 2026-01-15',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: 5000d, start: 2026-01-15 } }]',
      'creditwatch.yml:1 sources[0].period.every: must be from 1d to 3660d',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: year, month: 13 } }]',
      'creditwatch.yml:1 sources[0].period.month: must be 12 or less',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: month, month: 3 } }]',
      'creditwatch.yml:1 sources[0].period.month: is for quarter, half-year and year',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: week, day: 3 } }]',
      'creditwatch.yml:1 sources[0].period.day: is for month, quarter, half-year and year: a week has weekday or start',
    ],
    [
      'sources: [{ id: a, kind: push, period: { every: year, start: 2026-03-15, month: 3 } }]',
      'creditwatch.yml:1 sources[0].period.month: is said by start already: leave one of them out',
    ],
    ['sources: [{ id: a, kind: push, period: { every: month, day: 32 } }]', 'creditwatch.yml:1 sources[0].period.day: must be 31 or less'],
    ['sources: [{ id: a, kind: push, period: { every: month, day: 0 } }]', 'creditwatch.yml:1 sources[0].period.day: must be 1 or more'],

    ['rules:\n  - kind: threshold\n    levels:\n      - 80%\n      - eighty', `creditwatch.yml:5 rules[0].levels[1]: ${LEVEL}`],
    ['rules: [{ kind: threshold, levels: [80.55%] }]', `creditwatch.yml:1 rules[0].levels[0]: ${LEVEL}`],
    ['rules: [{ kind: threshold, levels: [-5] }]', `creditwatch.yml:1 rules[0].levels[0]: ${LEVEL}`],
    ['rules: [{ kind: threshold, levels: [0%] }]', 'creditwatch.yml:1 rules[0].levels[0]: must be between 0.1% and 1000%'],
    [
      'rules: [{ kind: threshold, levels: [{ used: 80%, remaining: 5 }] }]',
      'creditwatch.yml:1 rules[0].levels[0]: must name either used or remaining',
    ],
    [
      'rules: [{ kind: threshold, levels: [{ used: 80%, severity: bad }] }]',
      'creditwatch.yml:1 rules[0].levels[0].severity: must be one of notice, warning or critical',
    ],
    ['rules: [{ kind: threshold, levels: [] }]', 'creditwatch.yml:1 rules[0].levels: must have at least one entry'],
    ['rules: [{ kind: threshold }]', 'creditwatch.yml:1 rules[0].levels: is missing: it must be a list'],
    [
      'rules: [{ kind: threshold, levels: [80%], meters: open_ai }]',
      'creditwatch.yml:1 rules[0].meters: must be all, or a list of meter keys',
    ],
    ['rules: [{ kind: threshold, levels: [80%], meters: [open_ai, 5] }]', 'creditwatch.yml:1 rules[0].meters[1]: must be text'],

    ['timezone: Mars/Olympus', 'creditwatch.yml:1 timezone: must be an IANA time zone such as Europe/Berlin'],
    ['timezone: +02:00', 'creditwatch.yml:1 timezone: must be an IANA time zone such as Europe/Berlin'],
    ['timezone: 5', 'creditwatch.yml:1 timezone: must be text'],
    [
      'routes: [{ slack: C0123456789, digest: { weekday: monday, at: 9:00 } }]',
      'creditwatch.yml:1 routes[0].digest.at: must be a time such as "09:00", in quotes',
    ],
    ['routes: [{ slack: C0123456789, digest: { weekday: monday } }]', 'creditwatch.yml:1 routes[0].digest.at: is missing: it must be text'],
    [
      'routes: [{ slack: "#sales" }]',
      'creditwatch.yml:1 routes[0].slack: must be an id such as C0123456789, not a name: you find it at the bottom of the channel details, under About',
    ],
    [
      'routes: [{ slack: sales }]',
      'creditwatch.yml:1 routes[0].slack: must be the id of a Slack channel (C… or G…) or of a user (U… or W…)',
    ],
    ['routes: [{ meters: all }]', 'creditwatch.yml:1 routes[0]: must name one of slack, teams or workflow'],
    [
      'routes: [{ slack: C0123456789, teams: "19:x@thread.tacv2" }]',
      'creditwatch.yml:1 routes[0]: must name one of slack, teams or workflow',
    ],
    [
      'routes: [{ teams: Marketing }]',
      'creditwatch.yml:1 routes[0].teams: must be the id of a Teams conversation: 19:…@thread.tacv2, from "Get link to channel"',
    ],
    [
      'routes: [{ teams: "19:x@thread.tacv2;messageid=1" }]',
      'creditwatch.yml:1 routes[0].teams: must be the id of a Teams conversation: 19:…@thread.tacv2, from "Get link to channel"',
    ],
    [
      'routes: [{ teams: "https://teams.microsoft.com/l/channel/19%3Ax%40thread.tacv2/Marketing" }]',
      'creditwatch.yml:1 routes[0].teams: must be the id in the link, not the link: 19:…@thread.tacv2, with %3A as : and %40 as @',
    ],
    ['routes: [{ slack: C0123456789, operations: yes }]', 'creditwatch.yml:1 routes[0].operations: must be true or false'],

    ['admins: U0AB12CD3', 'creditwatch.yml:1 admins: must be a list'],
    ['viewers:', 'creditwatch.yml:1 viewers: must list people, such as [U0AB12CD3]; [] allows only admins, owners and approvers'],
    ['viewers: U0AB12CD3', 'creditwatch.yml:1 viewers: must list people, such as [U0AB12CD3]; [] allows only admins, owners and approvers'],
    ['viewers:\n  - U0AB12CD3\n  - ""', 'creditwatch.yml:3 viewers[1]: must not be empty'],
    ['viewer: [U0AB12CD3]', 'creditwatch.yml:1 viewer: unknown key, did you mean "viewers"?'],
    ['admins: [""]', 'creditwatch.yml:1 admins[0]: must not be empty'],
    ['sources: { a: { kind: push } }', 'creditwatch.yml:1 sources: must be a list'],
    ['sources: [abmatic]', 'creditwatch.yml:1 sources[0]: must be a group of keys'],
    ['sources: [{ id: a/b, kind: push }]', `creditwatch.yml:1 sources[0].id: ${NAME}`],
    [
      'sources: [{ id: a, kind: push, meters: { x: { decimals: 1.5 } } }]',
      'creditwatch.yml:1 sources[0].meters.x.decimals: must be a whole number',
    ],
    ['- timezone: UTC', 'creditwatch.yml:1: must consist of keys, such as timezone: Europe/Berlin'],
    ['hello', 'creditwatch.yml:1: must consist of keys, such as timezone: Europe/Berlin'],

    [
      'sources:\n  - { id: a, kind: push }\n  - { id: b, kind: push }\n  - { id: a, kind: import }',
      'creditwatch.yml:4 sources[2].id: is the same as that of sources[0]: give each source an id of its own',
    ],
    [
      'accounts:\n  north:\n    sources:\n      - { id: a, kind: push }\n      - { id: a, kind: push }',
      'creditwatch.yml:5 accounts.north.sources[1].id: is the same as that of sources[0]: give each source an id of its own',
    ],
    [
      'accounts:\n  north: { slackTeams: [T1] }\n  south: { slackTeams: [T2, T1] }',
      'creditwatch.yml:3 accounts.south.slackTeams[1]: already belongs to the account north',
    ],
    ...(
      [
        ['admins: [tom@example.com]', 'admins[0]'],
        ['viewers: [U0AB12CD3, u0ab12cd3]', 'viewers[1]'],
        ['accounts: { north: { admins: [C0123456789] } }', 'accounts.north.admins[0]'],
        ['sources: [{ id: a, kind: push, contacts: { approver: "@tom" } }]', 'sources[0].contacts.approver'],
        ['sources: [{ id: a, kind: push, meters: { leads: { owner: tom } } }]', 'sources[0].meters.leads.owner'],
        ['routes: [{ slack: C0123456789, mention: { critical: [U0AB12CD3, here] } }]', 'routes[0].mention.critical[1]'],
      ] as const
    ).map(([file, where]): [string, string] => [file, `creditwatch.yml:1 ${where}: is not the ID of a person in Slack or Teams`]),
    [
      'ingestKeys: [short]',
      'creditwatch.yml:1 ingestKeys[0]: must have 16 characters or more: letters, digits and signs of ASCII, without spaces',
    ],
    [
      'sources: [{ id: a, kind: push, keys: [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbb, cccccccccccccccc] }]',
      'creditwatch.yml:1 sources[0].keys: must have at most two: the new one and the one it replaces',
    ],
    [
      'accounts:\n  north: { ingestKeys: [aaaaaaaaaaaaaaaa] }\n  south: { sources: [{ id: a, kind: push, keys: [aaaaaaaaaaaaaaaa] }] }',
      'creditwatch.yml:3 accounts.south.sources[0].keys[0]: is already used elsewhere in this file: give each account and source a key of its own',
    ],
    ['accounts: {}', 'creditwatch.yml:1 accounts: must name at least one account'],
    ['accounts:\n  a/b: {}', `creditwatch.yml:2 accounts.a/b: ${NAME}`],
    [
      'accounts: { north: {} }\nroutes: [{ slack: C0123456789 }]',
      'creditwatch.yml:2 routes: must not be beside accounts: move it into the account that it belongs to',
    ],

    ['admins:\n  - ${ADMIN}', 'creditwatch.yml:2 admins[0]: ${ADMIN} is not set: set the environment variable ADMIN'],
    ['a: b: c', 'creditwatch.yml:1: this is not YAML: Nested mappings are not allowed in compact mappings'],
    ['sources:\n\t- x', 'creditwatch.yml:2: this is not YAML: Tabs are not allowed as indentation'],
    ['admins: []\nadmins: [U1]', 'creditwatch.yml:2: the key admins is written twice'],
    ['sources: [{ id: a, kind: push, "id": b }]', 'creditwatch.yml:1: the key "id" is written twice'],
    ['admins: []\n---\nadmins: []', 'creditwatch.yml:2: a second document begins here (---): the file must have only one'],
    ['timezone: UTC\nadmins: [*nobody]', 'creditwatch.yml:2 admins[0]: *nobody has no anchor &nobody before it'],
    [
      'sources: [{ id: a, kind: push, meters: { __proto__: { label: x } } }]',
      'creditwatch.yml:1 sources[0].meters: __proto__ cannot be a name',
    ],
  ])('%j', (text, mistake) => {
    expect(mistakes(text)).toEqual([mistake]);
  });

  test('all mistakes come at once, in the order of the file, and say that nothing was started', () => {
    const config = load('timezone: Mars\nadmin: [U1]\nroutes:\n  - { slack: sales }\n', { PORT: 'many' });
    expect(config.ok ? '' : describeProblems(config.error)).toBe(
      `The configuration has 4 mistakes; nothing was started.
  PORT: must be a whole number up to 65535
  creditwatch.yml:1 timezone: must be an IANA time zone such as Europe/Berlin
  creditwatch.yml:2 admin: unknown key, did you mean "admins"?
  creditwatch.yml:4 routes[0].slack: must be the id of a Slack channel (C… or G…) or of a user (U… or W…)`,
    );
  });

  test('a variable that is not set, a mistyped key and a source that lacks something hide nothing of each other', () => {
    const text = `timezone: \${ZONE}
sources:
  - { id: acme, kind: http, url: "https://\${HOST}/x", headers: { authorization: "Bearer \${KEY}" }, meters: { x: { total: 5 } } }
  - { id: other, kind: http, meters: { x: { used: u } } }
  - { id: fed, kind: push, keys: ["\${PUSH_KEY}"], perod: { every: month } }
rules: [{ kind: threshold, levels: ["\${LEVEL}", { used: "\${SHARE}" }], meters: ["\${METER}"] }]
routes: [{ slack: "\${CHANNEL}", digest: { weekday: "\${DAY}", at: 9 } }]
`;
    expect(mistakes(text, { KEY: 'k' })).toEqual([
      'creditwatch.yml:1 timezone: ${ZONE} is not set: set the environment variable ZONE',
      'creditwatch.yml:3 sources[0].url: ${HOST} is not set: set the environment variable HOST',
      'creditwatch.yml:3 sources[0].meters.x: must have an expression for used or remaining',
      'creditwatch.yml:4 sources[1]: must have a url, or a preset (npx creditwatch presets lists them)',
      'creditwatch.yml:5 sources[2].keys[0]: ${PUSH_KEY} is not set: set the environment variable PUSH_KEY',
      'creditwatch.yml:5 sources[2].perod: unknown key, did you mean "period"?',
      'creditwatch.yml:6 rules[0].levels[0]: ${LEVEL} is not set: set the environment variable LEVEL',
      'creditwatch.yml:6 rules[0].levels[1].used: ${SHARE} is not set: set the environment variable SHARE',
      'creditwatch.yml:6 rules[0].meters[0]: ${METER} is not set: set the environment variable METER',
      'creditwatch.yml:7 routes[0].slack: ${CHANNEL} is not set: set the environment variable CHANNEL',
      'creditwatch.yml:7 routes[0].digest.weekday: ${DAY} is not set: set the environment variable DAY',
      'creditwatch.yml:7 routes[0].digest.at: must be text',
    ]);
    expect(
      mistakes('sources:\n  - { id: a, kind: push }\n  - { id: a, kind: push, keys: ["${PUSH_KEY}"] }\nroutes: [{ workflow: "${FLOW}" }]', {
        PUSH_KEY: 'k'.repeat(16),
      }),
    ).toEqual(['creditwatch.yml:4 routes[0].workflow: ${FLOW} is not set: set the environment variable FLOW']);
    expect(
      mistakes('sources:\n  - { id: a, kind: push }\n  - { id: a, kind: push, meters: { x: { consequence: "it ${STOPS}" } } }'),
    ).toEqual([
      'creditwatch.yml:3 sources[1].meters.x.consequence: ${STOPS} is not set: set the environment variable STOPS',
      'creditwatch.yml:3 sources[1].id: is the same as that of sources[0]: give each source an id of its own',
    ]);
  });

  test('a few lines of aliases that mean a billion values are refused at once', () => {
    const levels = 'abcdefghi'.split('').map(
      (name, index, all) =>
        `${name}: &${name} [${Array(10)
          .fill(index === 0 ? 'x' : `*${all[index - 1] ?? ''}`)
          .join(', ')}]`,
    );
    expect(mistakes(levels.join('\n'))).toEqual(['creditwatch.yml:2: the aliases (*name) stand for too many values: write them out']);
  });

  test.each([
    ['closed', ']'.repeat(20_000)],
    ['open', ''],
  ])('20,000 brackets in each other, %s, are one mistake', (_what, end) => {
    expect(mistakes(`admins: ${'['.repeat(20_000)}${end}`)).toEqual(['creditwatch.yml:1: this is nested too deeply']);
  });

  test('what a variable holds is in no message, wherever it stands', () => {
    const env = { SECRET: 's3cr3t-value' };
    for (const text of [
      '"${SECRET}": 1',
      'timezone: ${SECRET}',
      'admins: { "${SECRET}": 1 }',
      'sources: [{ id: "${SECRET}", kind: push }, { id: "${SECRET}", kind: push }]',
      'sources: [{ id: a, kind: "${SECRET}" }]',
      'sources: [{ id: "/${SECRET}", kind: push, period: "${SECRET}" }]',
      'rules: [{ kind: threshold, levels: ["${SECRET}"], meters: "${SECRET}" }]',
      'routes: [{ slack: "${SECRET}", mention: { "${SECRET}": 1 } }]',
      'accounts: { a: { slackTeams: ["${SECRET}"] }, b: { slackTeams: ["${SECRET}"] } }',
    ]) {
      const found = mistakes(text, env);
      expect(found.length, text).toBeGreaterThan(0);
      expect(found.join('\n')).not.toContain(env.SECRET);
    }
  });

  test('a file that was named and is not there is a mistake, the usual one is not needed', () => {
    expect(load(null, { CREDITWATCH_CONFIG: 'other.yml' })).toMatchObject({
      ok: false,
      error: [{ where: 'CREDITWATCH_CONFIG', message: expect.stringMatching(/other\.yml does not exist$/) }],
    });
    expect(accepted(null)).toMatchObject({ file: null, accounts: [{ id: 'default', timeZone: 'UTC' }] });
  });

  test('a folder in its place is a mistake', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-config-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    mkdirSync(join(cwd, 'creditwatch.yml'));
    expect(loadConfig({ env: {}, cwd })).toMatchObject({
      ok: false,
      error: [{ where: 'creditwatch.yml', message: expect.stringMatching(/^cannot be read/) }],
    });
  });
});

const NOTHING = {
  id: 'default',
  timeZone: 'UTC',
  limits: { metersPerSource: 20_000, metersPerAccount: 50_000, sourcesPerAccount: 1_000 },
  admins: [],
  ingestKeys: [],
  workspaces: {},
  secretAddresses: [],
  sources: [],
  viewers: null,
  rules: [],
  routes: [],
};

test.each([
  'limits: { metersPerSource: 0 }',
  'limits: { metersPerAccount: many }',
  'limits: { sourcesPerAccount: 1000001 }',
  'limits: { meters: 5 }',
])('a limit that is none is one message: %s', (file) => {
  expect(mistakes(file).filter((line) => line.includes('limits'))).toHaveLength(1);
});

const DAY_MS = 86_400_000;

test.each<[string | null, readonly (number | null)[]]>([
  [null, [90, 1095, 365]],
  ['retention:', [90, 1095, 365]],
  ['retention: { allReadings: 30d }', [30, 1095, 365]],
  ['retention: { allReadings: 1y, dailyReadings: 1y, deliveries: 2y }', [365, 365, 730]],
  ['retention: { allReadings: forever, dailyReadings: forever, deliveries: forever }', [null, null, null]],
  ['retention: { dailyReadings: forever }\naccounts: { north: }', [90, null, 365]],
])('%s keeps all readings, one a day, and deliveries for %j days', (text, days) => {
  const { allReadingsMs, dailyReadingsMs, deliveriesMs } = accepted(text).retention;
  expect([allReadingsMs, dailyReadingsMs, deliveriesMs]).toEqual(days.map((one) => one && one * DAY_MS));
});

describe('creditwatch.yml', () => {
  test.each(['', '\n\n', '# timezone: Mars\n', '---\n', 'null\n', 'sources:\nrules:\nroutes:\nadmins:\n', '\uFEFF'])(
    '%j is valid and says nothing',
    (text) => {
      const { accounts, notices } = accepted(text);
      expect(accounts).toEqual([NOTHING]);
      expect(notices).toEqual([]);
    },
  );

  test('may leave a meter, a source and an account empty', () => {
    expect(accepted('sources: [{ id: a, kind: push, meters: { leads: } }]').accounts).toMatchObject([
      { sources: [{ id: 'a', period: null, meters: { leads: {} } }] },
    ]);
    expect(accepted('accounts:\n  north:\n  south:\n').accounts).toEqual([
      { ...NOTHING, id: 'north', workspaces: { slack: [], teams: [] } },
      { ...NOTHING, id: 'south', workspaces: { slack: [], teams: [] } },
    ]);
  });

  test.each<[string, unknown]>([
    ['{ every: month, day: 1 }', { every: 'month', day: 1 }],
    ['{ every: none, day: 1 }', { every: 'none', day: 1 }],
    ['{ every: year, month: 3, day: 15 }', { every: 'year', month: 3, day: 15 }],
    ['{ every: quarter, month: 2 }', { every: 'quarter', month: 2 }],
    ['{ every: 30d, start: 2026-01-15 }', { every: '30d', start: '2026-01-15' }],
    ['{ every: week, weekday: friday }', { every: 'week', weekday: 'friday' }],
    ['{ every: day }', { every: 'day' }],
  ])('takes the period %s', (written, period) => {
    expect(accepted(`sources: [{ id: a, kind: push, period: ${written} }]`).accounts[0]?.sources[0]).toMatchObject({ period });
  });

  test('replaces ${NAME} in values by the variable, once, and leaves $${NAME}, keys and comments alone', () => {
    const file = '# ${MISSING}\nsources: [{ id: a, kind: push, meters: { leads: { label: "${A}-${B}", consequence: "$${A}" } } }]';
    expect(accepted(file, { A: '${B}', B: 'b: [' }).accounts[0]?.sources[0]?.meters).toEqual({
      leads: { label: '${B}-b: [', consequence: '${A}' },
    });
  });

  test('lets an account have its own time zone, and takes that of the file for the others', () => {
    const { accounts } = accepted('timezone: Europe/Berlin\naccounts:\n  north: { timezone: America/New_York }\n  south: {}\n');
    expect(accounts.map(({ id, timeZone }) => [id, timeZone])).toEqual([
      ['north', 'America/New_York'],
      ['south', 'Europe/Berlin'],
    ]);
  });

  test('reads the example of the documentation, and says what of it this version does not do yet', () => {
    const { accounts, notices } = accepted(EXAMPLE, {
      OPENROUTER_KEY: 'sk-or-1234567890',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
    });
    expect(notices).toEqual([
      'There are routes to Teams, but MicrosoftAppId is not set. Until you set it, their alerts are printed in the terminal.',
    ]);
    expect(accounts).toEqual([
      {
        id: 'default',
        timeZone: 'Europe/Berlin',
        limits: NOTHING.limits,
        admins: [slackUser('U0AB12CD3')],
        viewers: null,
        ingestKeys: [],
        workspaces: {},
        secretAddresses: [],
        sources: [
          {
            id: 'abmatic',
            contacts: {},
            expires: null,
            kind: 'push',
            period: { every: 'month', day: 1 },
            meters: {
              open_ai: { label: 'OpenAI Tokens', unit: 'tokens', owner: slackUser('U0AB12CD3'), consequence: 'The AI agents may pause.' },
            },
          },
          expect.objectContaining({ id: 'openrouter', kind: 'http', preset: 'openrouter' }),
        ],
        rules: [
          {
            id: expect.stringMatching(/^file:threshold:[0-9a-f]{12}$/),
            kind: 'threshold',
            meters: ['open_ai'],
            params: {
              firstSight: 'announce',
              levels: [
                { of: 'used', perMille: 500, severity: 'notice' },
                { of: 'used', perMille: 800, severity: 'warning' },
                { of: 'used', perMille: 1000, severity: 'critical' },
              ],
            },
          },
        ],
        routes: [
          {
            id: 'slack:C0123456789',
            destination: { kind: 'slack', address: 'C0123456789' },
            settings: {
              meters: 'all',
              operations: false,
              mention: { critical: [slackUser('U0AB12CD3')] },
              digest: { weekday: 'monday', at: '09:00' },
              timeZone: null,
              onlyIfRunningOut: false,
              recovery: 'thread',
            },
          },
          {
            id: 'slack:C0222222222',
            destination: { kind: 'slack', address: 'C0222222222' },
            settings: {
              meters: null,
              operations: true,
              mention: {},
              digest: null,
              timeZone: null,
              onlyIfRunningOut: false,
              recovery: 'thread',
            },
          },
          {
            id: 'teams:19:abc@thread.tacv2',
            destination: { kind: 'teams', address: '19:abc@thread.tacv2' },
            settings: {
              meters: ['campaigns', 'open_ai'],
              operations: false,
              mention: {},
              digest: { weekday: 'monday', at: '09:00' },
              timeZone: null,
              onlyIfRunningOut: false,
              recovery: 'thread',
            },
          },
        ],
      },
    ]);
  });

  test('keeps the names of its rules when they are put in another order, so that their alerts do not fire anew', () => {
    const ids = (rules: string) => accepted(`rules: [${rules}]`).accounts[0]?.rules.map(({ id, meters }) => [id, meters]);
    const [one, two] = ['{ kind: threshold, levels: [80%], meters: [a, b] }', '{ kind: threshold, levels: [50%], meters: [c] }'];
    expect(ids(`${two}, ${one}`)?.toReversed()).toEqual(ids(`${one}, ${two}`));
  });
});

const EXAMPLE = `
timezone: Europe/Berlin              # default for schedules
admins: [U0AB12CD3]                  # who may change rules and routes in chat, beside workspace admins
sources:
  - id: abmatic
    kind: push
    period: { every: month, day: 1 }  # supplies what the readings lack
    meters: { open_ai: { label: OpenAI Tokens, unit: tokens, owner: U0AB12CD3, consequence: The AI agents may pause. } }
  - { id: openrouter, kind: http, preset: openrouter, every: 15m, headers: { authorization: "Bearer \${OPENROUTER_KEY}" } }
rules:
  - { kind: threshold, meters: [open_ai], levels: [50%, 80%, 100%] }   # instead of the standard levels for this meter
routes:
  - { slack: C0123456789, meters: all, digest: { weekday: monday, at: "09:00" }, mention: { critical: [U0AB12CD3] } }
  - { slack: C0222222222, operations: true }   # stale sources, delivery failures, presumed resets, closing statements
  - { teams: "19:abc@thread.tacv2", meters: [campaigns, open_ai] }
`;
