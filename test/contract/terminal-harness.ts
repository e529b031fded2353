import { createTerminalMessenger } from '../../src/terminal/messenger.ts';
import { ManualClock } from '../support/slack/manual-clock.ts';
import type { MessengerHarness } from './messenger.ts';

/** One terminal is all there is: every address is the same one. */
export const terminalHarness: MessengerHarness = {
  kind: 'terminal',
  never: [
    'asks to wait 7 s',
    'fails and says so',
    'cannot be reached',
    'is gone',
    'no longer knows us',
    'does not take the message',
    'answers nonsense',
  ],
  open: async () => {
    const printed: string[] = [];
    let calls = 0;
    let breaks: 'no' | 'before' | 'after' = 'no';
    const write = (text: string): void => {
      calls += 1;
      if (breaks !== 'before') printed.push(text);
      if (breaks !== 'no') throw new Error('EPIPE: the terminal is closed');
    };
    return {
      messenger: createTerminalMessenger({ write, clock: new ManualClock(), timeZone: 'UTC' }),
      addresses: ['stdout', 'stdout'],
      read: () => printed,
      calls: () => calls,
      secrets: [],
      now: () => new Date(),
      isAway: null,
      meet: (fault) => {
        breaks = fault === 'breaks off before it has taken anything' ? 'before' : 'after';
      },
    };
  },
};
