import { expect, test } from 'vitest';
import { anonymize } from '../../../src/core/notifications/anonymize.ts';
import type { Snapshot } from '../../../src/core/notifications/notification.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';
import { messageForAll } from '../../../src/messages/notices/notification.ts';
import { slackUser, teamsUser } from '../../support/people.ts';
import { SOMEBODY, type Person } from '../../../src/core/text/person.ts';

const AT = new Date('2026-11-24T14:09:00Z');
const fromSlack = ({ platform }: Person) => platform === 'slack';

const alert: Snapshot = {
  kind: 'alert',
  change: 'updated',
  alertId: 'a',
  topic: 'running-out',
  severity: 'warning',
  findings: [{ kind: 'threshold', condition: 'over', severity: 'critical', detail: { level: null, firstSight: false, balance: null } }],
  meter: { source: 'abmatic', key: 'usd', label: 'USD', unit: 'USD', decimals: 0, consequence: null, resets: true },
  reading: { used: 850n, total: 1000n, observedAt: AT, period: null },
  openedAt: AT,
  overSince: null,
  closed: null,
  cause: null,
  topUp: null,
  forecast: null,
  acknowledged: { by: slackUser('U0ANNA'), at: AT },
  requested: { by: teamsUser('2b0a4e9e-3f0f-4b6e-9a53-0f1d2c3b4a5e'), at: AT },
  snoozed: null,
};
const said = (snapshot: Snapshot) =>
  plainMessage(messageForAll([snapshot], { timeZone: 'UTC', mentions: [], place: 'new', originalDestination: null, underSummary: false }), {
    timeZone: 'UTC',
    now: AT,
  });

test('who did something on the platform is somebody, on another they keep their name, and what only looks like an id is not touched', () => {
  const kept = anonymize(alert, fromSlack);
  expect(kept).toEqual({ ...alert, acknowledged: { by: SOMEBODY, at: AT } });
  expect(said(alert)).toContain('@U0ANNA is on it, 14:09');
  expect(said(kept)).toContain('\nsomebody is on it, 14:09');
  expect(said(kept)).toContain('USD');
});

test('a snapshot that names none of them is the same one, so that nothing is written', () => {
  const kept = anonymize(alert, fromSlack);
  expect(anonymize(kept, fromSlack)).toBe(kept);
});

test('whoever asked for more or answered is somebody, and so is a person that nothing could be said to', () => {
  const { meter, reading } = alert;
  const request: Snapshot = {
    kind: 'request',
    by: slackUser('U0TOM'),
    ask: 'allocation',
    to: null,
    buy: null,
    meter,
    reading,
    forecast: { kind: 'none', why: 'too-early' },
  };
  const answered: Snapshot = {
    kind: 'presumed-reset',
    meter,
    before: 800n,
    after: 1n,
    observedAt: AT,
    periodKnown: false,
    answer: { by: slackUser('W0OLGA'), period: null },
  };
  const unreachable: Snapshot = {
    kind: 'destination-disabled',
    change: 'disabled',
    place: { kind: 'slack', address: 'U0TOM', direct: true },
    scope: 'destination',
    reason: 'It is gone.',
    fromChat: false,
    command: '/usage',
  };
  const command: Snapshot = {
    kind: 'permission-request',
    by: slackUser('U0TOM'),
    invokedAs: '/usage',
    command: 'subscribe all',
    place: null,
    at: AT,
  };
  expect(said(anonymize(request, fromSlack))).toMatch(/^somebody asks for more/);
  expect(said(anonymize(command, fromSlack))).toMatch(/^🙋 somebody asks for/);
  expect(said(anonymize(answered, fromSlack))).toContain('somebody: the vendor corrected it');
  for (const one of [request, command, answered, unreachable])
    expect(JSON.stringify(anonymize(one, fromSlack), (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
      /U0TOM|W0OLGA/,
    );
});
