import type { Severity } from '../../core/rules/severity.ts';
import type { Message } from '../../core/text/message.ts';

/**
 * What a message that a delivery posted says by now, with all that was decided since and may be on its way; null when it is
 * none of the account's. Throws StoreUnavailable when the database is away.
 */
export type CurrentMessage = (
  account: string,
  messageRef: string,
) => Promise<{ readonly message: Message; readonly severity: Severity | null } | null>;
