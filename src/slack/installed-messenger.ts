import type { SendOutcome } from '../core/notifications/delivery.ts';
import { SLACK_REASONS } from '../messages/platforms/slack-errors.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { BotToken } from './api/bot-token.ts';

/**
 * Wraps a messenger whose token may change in another process. If Slack rejects the token and a newer one is stored, the outcome is
 * `retry`. Otherwise, the outcome names the next step of the operator.
 */
export function installedMessenger(messenger: Messenger, token: BotToken): Messenger {
  const { remedy } = token;
  if (remedy === null) return messenger;
  return {
    ...messenger,
    async send(request) {
      if (token.current() === null) await token.refresh();
      const absence = token.absence();
      if (absence !== null) return { outcome: 'rejected', scope: 'installation', code: 'no-token', ...absence };
      const used = token.current();
      const outcome = await messenger.send(request);
      if (!isDead(outcome)) return outcome;
      if ((await token.refresh()) !== used) return { outcome: 'retry', reason: SLACK_REASONS.installedAgain };
      return { ...outcome, remedy };
    },
  };
}

function isDead(outcome: SendOutcome): outcome is Extract<SendOutcome, { outcome: 'rejected' }> {
  return outcome.outcome === 'rejected' && outcome.removed === true;
}
