import type { Fault, MessengerHarness } from '../../contract/messenger.ts';
import type { Behaviour } from '../slack/behaviour.ts';
import { ManualClock } from '../slack/manual-clock.ts';
import { startFakePager } from './fake-pager.ts';
import { createPagerMessenger, PAGER } from './messenger.ts';

const TOKEN = 'the-token-of-the-pager';

const faults: Readonly<Record<Exclude<Fault, 'cannot be reached'>, Behaviour>> = {
  'asks to wait 7 s': { kind: 'rate-limited', retryAfterS: 7 },
  'fails and says so': { kind: 'status', status: 503 },
  'is gone': { kind: 'status', status: 404 },
  'no longer knows us': { kind: 'status', status: 401 },
  'does not take the message': { kind: 'status', status: 400 },
  'breaks off before it has taken anything': { kind: 'drop', accepted: false },
  'breaks off after it has taken everything': { kind: 'drop', accepted: true },
  'answers nonsense': { kind: 'status', status: 200 },
};

export const pagerHarness: MessengerHarness = {
  kind: PAGER.id,
  never: [],
  open: async () => {
    const pager = await startFakePager();
    const clock = new ManualClock();
    return {
      messenger: createPagerMessenger({ base: pager.url, token: TOKEN, clock }),
      addresses: ['desk-1', 'desk-2'],
      read: pager.pagesAt,
      calls: pager.calls,
      secrets: [TOKEN, pager.url],
      now: () => clock.now(),
      isAway: pager.setAway,
      meet: async (fault) => {
        if (fault === 'cannot be reached') await pager.close();
        else pager.meetNext(faults[fault]);
      },
    };
  },
};
