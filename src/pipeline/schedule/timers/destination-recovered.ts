import { edit, newestMessagesOf, saveNotifications } from '../../notify/save-notifications.ts';
import type { RunTimer } from './handler.ts';

/** Edits the notice about a disabled destination after a delivery there succeeded. */
export const destinationRecovered: RunTimer = async (transaction, timer, { newId }) => {
  const said = await transaction.lastDisabledNotice(timer.subject);
  if (said === null) return { nextAt: null, wake: [] };
  const deliveries = (await newestMessagesOf(transaction, said.threadId)).map((one) => edit(newId(), one));
  return {
    nextAt: null,
    wake: await saveNotifications(transaction, [
      { id: newId(), alertId: null, threadId: said.threadId, snapshot: { ...said.snapshot, change: 'back' }, deliveries },
    ]),
  };
};
