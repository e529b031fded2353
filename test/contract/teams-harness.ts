import { onTestFinished } from 'vitest';
import { createConnector } from '../../src/teams/api/connector.ts';
import { createTeamsMessenger } from '../../src/teams/messenger.ts';
import { ManualClock } from '../support/slack/manual-clock.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { startFakeTeams, type TeamsBehaviour } from '../support/teams/fake-teams.ts';
import { knownConversations } from '../support/teams/known-conversations.ts';
import type { Fault, MessengerHarness } from './messenger.ts';

const TOKEN = 'the-bearer-token-of-the-tests';

const faults: Readonly<Record<Exclude<Fault, 'cannot be reached'>, TeamsBehaviour>> = {
  'asks to wait 7 s': { kind: 'rate-limited', retryAfterS: 7 },
  // All that Teams says no to for now: a 5xx may have landed.
  'fails and says so': { kind: 'refused', status: 412, code: 'PreconditionFailed' },
  'is gone': { kind: 'refused', status: 403, code: 'BotNotInConversationRoster' },
  'no longer knows us': { kind: 'refused', status: 403, code: 'BotDisabledByAdmin' },
  'does not take the message': { kind: 'refused', status: 400, code: 'BadSyntax' },
  'breaks off before it has taken anything': { kind: 'drop', accepted: false },
  'breaks off after it has taken everything': { kind: 'drop', accepted: true },
  'answers nonsense': { kind: 'status', status: 200 },
};

export const teamsHarness: MessengerHarness = {
  kind: 'teams',
  never: [],
  open: async () => {
    const teams = await startFakeTeams();
    onTestFinished(teams.close);
    const addresses = ['19:one@thread.tacv2', '19:two@thread.tacv2'] as const;
    const connector = createConnector(
      { check: async () => ({ ok: true, value: undefined }), token: async () => ({ ok: true, value: TOKEN }) },
      '28:bot',
    );
    const store = knownConversations(addresses.map((id) => ({ id, serviceUrl: teams.serviceUrl })));
    return {
      messenger: createTeamsMessenger({
        connector,
        store,
        timeZoneOf: () => 'UTC',
        home: null,
        clock: new ManualClock(),
        log: recordedLog(),
      }),
      addresses,
      read: (address) => teams.messages(address).map(({ text }) => text),
      calls: () => teams.calls.all.length,
      secrets: [TOKEN, teams.serviceUrl],
      now: () => new Date(),
      isAway: (away) => teams.always('member', away ? { kind: 'drop', accepted: false } : null),
      meet: async (fault) => {
        if (fault === 'cannot be reached') await teams.close();
        else teams.script('begin', [faults[fault]]);
      },
    };
  },
};
