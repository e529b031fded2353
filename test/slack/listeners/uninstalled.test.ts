import { expect, test } from 'vitest';
import { uninstalledListener } from '../../../src/slack/listeners/uninstalled.ts';
import { ManualClock } from '../../support/slack/manual-clock.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

test.each([
  [{}, ['team_id', 'event_id', 'event_time', 'event']],
  [{ team_id: 'T0FAKE', event_id: 'Ev1', event_time: 1, event: { type: 'tokens_revoked' } }, ['event.tokens']],
  [{ team_id: 'T0FAKE', event_id: 'Ev1', event_time: 1, event: { type: 'message' } }, ['event.type']],
])('an event that lacks what it needs changes nothing and is one line in the log: %j', async (body, issues) => {
  const log = recordedLog();
  const removed: string[] = [];
  const listener = uninstalledListener({
    accountOf: () => 'default',
    remedy: null,
    isNamed: () => true,
    home: { known: () => null, whose: async () => ({ kind: 'known', team: 'T0FAKE', enterprise: null }) },
    onRemoved: async (account) => void removed.push(account),
    once: () => async () => true,
    clock: new ManualClock(),
    log,
    stopping: new AbortController().signal,
  });
  await listener({ body });
  expect(removed).toEqual([]);
  expect(log.lines).toEqual([{ level: 'warn', fields: { kind: 'event', issues }, message: 'Slack request rejected: fields missing' }]);
});
