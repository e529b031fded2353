import type { MessengerParts, Platform } from '../chat/platform.ts';
import { TERMINAL } from '../core/notifications/route.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import { createTerminalMessenger, TRAITS } from './messenger.ts';

/** The terminal where the service was started. It shows messages that no channel gets. */
export const terminal: Platform = {
  id: TERMINAL.kind,
  name: 'the terminal',
  route: null,
  workspacesKey: null,
  isPerson: null,
  ...TRAITS,
  setUp: null,
  settings: [],
  configure: () => ({
    secrets: [],
    mode: 'stdout',
    reachedBy: null,
    notes: [],
    check: async () => [],
    open: async (parts) => ({ messenger: messengerOf(parts) }),
    openMessenger: async (parts) => messengerOf(parts),
  }),
};

function messengerOf({ write, strong, clock, accounts }: MessengerParts): Messenger {
  return createTerminalMessenger({ write, clock, timeZone: accounts[0]?.timeZone ?? 'UTC', ...(strong && { strong }) });
}
