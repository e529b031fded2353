import { closedAlertWords } from '../../core/words/acted.ts';
import { toAskerAlone, type Reply } from '../../ports/answer.ts';
import type { CommandContext } from '../command.ts';

/** Answers a press under an alert that is closed: an old message may still show its buttons where it could not be edited. */
export async function alertClosed(alertId: string, { asker, store }: CommandContext): Promise<Reply> {
  const [past, timeZone] = await Promise.all([store.pastAlert(asker.account, alertId), store.timeZone(asker.account)]);
  return toAskerAlone(closedAlertWords(past, timeZone));
}
