import { plainMessage } from '../messages/text/plain.ts';
import { TERMINAL } from '../core/notifications/route.ts';
import type { Clock } from '../ports/clock.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';

/** What the terminal's description says too. */
export const TRAITS = { paceMs: 0, can: { edit: false, reply: false, buttons: false, charts: false, find: false } } as const;

/**
 * Prints what would have gone to a channel: for the time before one is connected, and for alerts that no route wants.
 *
 * @param write gets whole paragraphs. When it throws, nobody knows how much of one was printed; a closed terminal must not stop alerts.
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
      if (!mayWrite()) return { outcome: 'retry', reason: 'It was not printed: its turn was over' };
      const text = plainMessage(message, { timeZone, now: clock.now(), ...(strong && { strong }) });
      try {
        write(`\n${text}\n${possibleDuplicate ? '(This may be a repeat: the first print was interrupted.)\n' : ''}`);
      } catch {
        return { outcome: 'unknown', reason: 'The terminal broke off while it was printing' };
      }
      return { outcome: 'sent', messageRef: deliveryId };
    },
    // What was printed before a crash cannot be asked for.
    find: async () => ({ found: 'unavailable', reason: 'What was printed cannot be looked up' }),
  };
}
