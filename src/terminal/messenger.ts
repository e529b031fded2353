import { PRINTED_TWICE, TERMINAL_REASONS } from '../messages/platforms/terminal-reasons.ts';
import { plainMessage } from '../messages/text/plain.ts';
import { TERMINAL } from '../core/notifications/route.ts';
import type { Clock } from '../ports/clock.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';

/** Shared with the terminal's platform description. */
export const TRAITS = { paceMs: 0, can: { edit: false, reply: false, find: false } } as const;

/**
 * Prints messages in the terminal: before a channel is connected, and for alerts without a route.
 *
 * @param write receives whole paragraphs. If it throws, it is unknown how much was printed; a closed terminal must not stop alerts.
 */
export function createTerminalMessenger(options: {
  readonly write: (text: string) => void;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly strong?: (text: string) => string;
}): Messenger {
  const { write, clock, timeZone, strong } = options;
  return {
    kind: TERMINAL.kind,
    ...TRAITS,
    async send({ message, deliveryId, possibleDuplicate, mayWrite = () => true }) {
      if (!mayWrite()) return { outcome: 'retry', reason: TERMINAL_REASONS.leaseExpired };
      const text = plainMessage(message, { timeZone, now: clock.now(), ...(strong && { strong }) });
      try {
        write(`\n${text}\n${possibleDuplicate ? `${PRINTED_TWICE}\n` : ''}`);
      } catch {
        return { outcome: 'unknown', reason: TERMINAL_REASONS.closed };
      }
      return { outcome: 'sent', messageRef: deliveryId };
    },
    // Printed text cannot be looked up after a crash.
    find: async () => ({ found: 'unavailable', reason: TERMINAL_REASONS.cannotLookUp }),
  };
}
