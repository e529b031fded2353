import type { Severity } from '../../core/rules/severity.ts';
import type { Message } from '../../core/text/message.ts';

/**
 * Returns a posted message with its present content, including decisions that are not delivered yet. Null if the account posted no such
 * message.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export type CurrentMessage = (
  account: string,
  messageRef: string,
) => Promise<{ readonly message: Message; readonly severity: Severity | null } | null>;
