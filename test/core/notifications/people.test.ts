import { expect, test } from 'vitest';
import { anonymize } from '../../../src/core/notifications/anonymize.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from '../../../src/core/notifications/notification.ts';
import { encodePerson, SOMEBODY, type Person } from '../../../src/core/text/person.ts';
import { messageFor } from '../../../src/messages/notices/notification.ts';
import { slackView } from '../../../src/slack/views/message.ts';
import { teamsCard } from '../../../src/teams/views/card.ts';
import { workflowCard } from '../../../src/teams/workflow/card.ts';
import { slackUser, teamsUser } from '../../support/people.ts';

const AT = new Date('2026-11-24T14:09:00Z');
const meter = { source: 'abmatic', key: 'usd', label: 'USD', unit: 'USD', decimals: 0 };
const reading = { used: 850n, total: 1000n, observedAt: AT, period: null };
const period = { start: AT, end: new Date('2026-12-24T14:09:00Z') };
const command = '/usage';

/** One snapshot of each kind, which names a person wherever its kind can. */
const snapshotsOf = (person: Person): { readonly [Kind in Snapshot['kind']]: Extract<Snapshot, { kind: Kind }> } => ({
  alert: {
    kind: 'alert',
    change: 'fired',
    alertId: 'a',
    topic: 'running-out',
    severity: 'critical',
    findings: [{ kind: 'threshold', condition: 'over', severity: 'critical', detail: { level: null, firstSight: false, balance: null } }],
    meter: { ...meter, consequence: null, resets: true },
    reading,
    openedAt: AT,
    overSince: null,
    closed: null,
    cause: null,
    topUp: null,
    forecast: null,
    acknowledged: { by: person, at: AT },
    requested: { by: person, at: AT },
    snoozed: { by: person, until: 'reset', with: 'snooze', worseComes: false },
  },
  staleness: {
    kind: 'staleness',
    change: 'stale',
    source: 'abmatic',
    sourceKind: 'push',
    since: AT,
    expectedWithinMs: 1,
    everyMs: null,
    problem: null,
    notMonitored: 1,
    isCaptured: false,
    at: AT,
  },
  'source-problem': {
    kind: 'source-problem',
    source: 'abmatic',
    causes: [{ cause: { kind: 'refused', reason: '401', remedy: 'Put a valid key in KEY.', since: AT, polls: 1 }, ended: null }],
  },
  'key-expiry': {
    kind: 'key-expiry',
    source: 'abmatic',
    sourceKind: 'http',
    expiry: { on: '2026-12-31', variables: ['KEY'], page: null },
    daysLeft: 7,
  },
  'period-statement': { kind: 'period-statement', source: 'abmatic', period, ended: period, meters: [] },
  'presumed-reset': {
    kind: 'presumed-reset',
    meter,
    before: 800n,
    after: 1n,
    observedAt: AT,
    periodKnown: false,
    answer: { by: person, period: null },
  },
  digest: {
    kind: 'digest',
    week: period,
    dueAt: AT,
    late: false,
    timeZone: 'UTC',
    meters: [
      {
        meter: { ...meter, resets: true },
        reading: { ...reading, used: 1000n },
        topUp: null,
        fullest: null,
        severity: 'critical',
        consumed: { week: null, weekBefore: null },
        days: [],
        runOut: null,
        lasts: false,
        usedUpSince: AT,
        fired: [],
        acknowledgedBy: person,
        requestedAt: null,
        freshness: 'current',
      },
    ],
  },
  request: {
    kind: 'request',
    by: person,
    ask: 'allocation',
    to: null,
    buy: null,
    meter,
    reading,
    forecast: { kind: 'none', why: 'too-early' },
  },
  'destination-disabled': {
    kind: 'destination-disabled',
    change: 'disabled',
    place: { kind: person.platform, address: person.id, direct: true },
    scope: 'destination',
    reason: 'It is gone.',
    fromChat: false,
    command,
  },
  undelivered: {
    kind: 'undelivered',
    platform: person.platform,
    messages: [
      {
        place: { kind: person.platform, address: person.id, direct: true },
        said: `@${person.id} asks`,
        people: [person],
        ended: 'expired',
        reason: '',
      },
    ],
    deliveries: ['d'],
  },
  'paste-reminder': { kind: 'paste-reminder', source: 'abmatic', observedAt: AT, digestAt: AT, isCaptured: false },
  'permission-request': {
    kind: 'permission-request',
    by: person,
    invokedAs: command,
    command: 'subscribe',
    place: { kind: person.platform, address: person.id, direct: true },
    at: AT,
  },
  welcome: {
    kind: 'welcome',
    command,
    readsMessages: false,
    hasFigures: true,
    getsAlerts: true,
    isRouted: true,
    digestOn: null,
    hasOwnRules: false,
  },
  test: { kind: 'test', route: 'r' },
});

const ID = '2b0a4e9e-3f0f-4b6e-9a53-0f1d2c3b4a5e';
const [IN_SLACK, IN_TEAMS] = [slackUser('U0ANNA'), teamsUser(ID)];
/** The ids of both, as those of people of other platforms: the form of an id decides nothing. */
const ELSEWHERE = [
  { platform: 'pager', id: 'U0ANNA' },
  { platform: 'pager', id: ID },
  { platform: 'terminal', id: 'U0ANNA' },
  { platform: 'none', id: ID },
];
const kinds = Object.keys(snapshotsOf(IN_SLACK));
const snapshotOf = (kind: string, person: Person): Snapshot => {
  const found = Object.values(snapshotsOf(person)).find((one) => one.kind === kind);
  if (!found) throw new Error(`no snapshot ${kind}`);
  return found;
};
/** As it is stored and read again. */
const stored = (snapshot: Snapshot) => decodeSnapshot(JSON.parse(JSON.stringify(encodeSnapshot(snapshot))));

const rendered = (snapshot: Snapshot, mentions: readonly Person[]) => {
  const message = messageFor(snapshot, { timeZone: 'UTC', mentions, place: 'new' });
  const context = { timeZone: 'UTC', now: AT, names: new Map([[ID, 'Anna']]) };
  return {
    slack: JSON.stringify(slackView(message)),
    teams: JSON.stringify(teamsCard(message, context)),
    workflow: JSON.stringify(workflowCard(message, context)),
  };
};
const SLACK_MENTION = /"user_id"|<@/;
const TEAMS_MENTION = /<at>|"mentioned"/;

test.each(kinds)('a %s is the same after it was stored, and reads people that older versions stored without their platform', (kind) => {
  const snapshot = snapshotOf(kind, IN_SLACK);
  expect(stored(snapshot)).toEqual(snapshot);
  const old: unknown = JSON.parse(JSON.stringify(encodeSnapshot(snapshot)).replaceAll('slack:U0ANNA', 'U0ANNA'));
  const { slack, teams } = rendered(decodeSnapshot(old), []);
  expect(teams).not.toMatch(TEAMS_MENTION);
  expect(slack.includes('U0ANNA')).toBe(rendered(snapshot, []).slack.includes('U0ANNA'));
});

test.each(kinds)('a person whom a %s names is mentioned on their own platform alone', (kind) => {
  const ofSlack = rendered(stored(snapshotOf(kind, IN_SLACK)), [IN_SLACK]);
  expect(ofSlack.teams).not.toMatch(TEAMS_MENTION);
  expect(ofSlack.workflow).not.toMatch(TEAMS_MENTION);
  const ofTeams = rendered(stored(snapshotOf(kind, IN_TEAMS)), [IN_TEAMS]);
  expect(ofTeams.slack).not.toMatch(SLACK_MENTION);
  expect(ofTeams.workflow).not.toMatch(TEAMS_MENTION);
  for (const person of ELSEWHERE) {
    const { slack, teams, workflow } = rendered(stored(snapshotOf(kind, person)), [person]);
    expect(slack).not.toMatch(SLACK_MENTION);
    expect(teams).not.toMatch(TEAMS_MENTION);
    expect(workflow).not.toMatch(TEAMS_MENTION);
    // The name that Teams knows by that id is another person's.
    expect(teams).not.toContain('Anna');
  }
});

test('on their own platform they are mentioned', () => {
  for (const kind of ['alert', 'request', 'permission-request', 'presumed-reset', 'digest']) {
    expect(rendered(stored(snapshotOf(kind, IN_SLACK)), [IN_SLACK]).slack).toMatch(SLACK_MENTION);
    expect(rendered(stored(snapshotOf(kind, IN_TEAMS)), [IN_TEAMS]).teams).toMatch(/<at>Anna<\/at>/);
  }
});

test.each(kinds)('of a %s, the people of one platform are anonymized, and nobody of another whose id is the same', (kind) => {
  const snapshot = snapshotOf(kind, IN_SLACK);
  const kept = anonymize(snapshot, ({ platform }) => platform === 'slack');
  expect(JSON.stringify(encodeSnapshot(kept))).not.toContain('U0ANNA');
  expect(stored(kept)).toEqual(kept);
  expect(anonymize(snapshot, ({ platform }) => platform === 'pager')).toBe(snapshot);
});

test('an anonymized person is stored as the word alone', () => {
  expect(encodePerson(SOMEBODY)).toBe('somebody');
  const kept = stored(anonymize(snapshotOf('request', IN_SLACK), () => true));
  expect(kept.kind === 'request' && kept.by).toEqual(SOMEBODY);
  expect(rendered(kept, []).slack).toContain('somebody');
});
