import { recountAsCorrection } from '../../core/meters/history.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import type { PresumedResetSnapshot } from '../../core/notifications/notification.ts';
import { writePeriod } from '../../core/time/parse-period.ts';
import { laterPeriod, rederivedPeriod } from '../../core/time/period.ts';
import type { Actions } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccountTransaction } from '../../ports/stores/account-transaction.ts';
import type { ActionStore } from '../../ports/stores/action-store.ts';
import { closeAsCorrected } from './close-as-corrected.ts';
import { edit, newestMessagesOf, saveNotifications } from '../notify/save-notifications.ts';

/** Older presumed resets are not updated with an answer. */
const ANSWERED_WITHIN_MS = 40 * DAY_MS;

type Parts = {
  readonly store: ActionStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
};

/**
 * Creates the actions about periods: set how they recur, or reclassify a drop as a correction. The messages that asked show the answer.
 */
export function setPeriodActions({ store, clock, newId, wake }: Parts): Pick<Actions, 'setPeriod' | 'correct'> {
  return {
    async setPeriod({ account, source, by, period }) {
      const now = clock.now();
      const outcome = await store.withSource(account, source, now, async (transaction) => {
        const { isManaged, figures, source: before } = transaction;
        if (isManaged) return { set: { done: 'managed-in-file' as const }, woken: [] };
        await transaction.savePeriod(period, by);
        await transaction.record({ action: 'period-set', actor: by, about: { source, period: writePeriod(period) } });
        const derived = figures.map(({ meter, reading }) => ({
          meter,
          period: rederivedPeriod(reading, before.period, period, transaction.account.timeZone),
        }));
        for (const one of derived) await transaction.savePeriodOf(one.meter.id, one.period);
        const asked = (await transaction.presumedResets(source, ago(now))).filter(({ snapshot }) => snapshot.answer === null);
        const resets = derived.flatMap((one) =>
          one.period === null ? [] : [laterPeriod(one.period, now, transaction.account.timeZone, period).end.getTime()],
        );
        const resetsAt = resets.length === 0 ? null : new Date(Math.min(...resets));
        return { set: { done: 'set' as const, resetsAt }, woken: await answerAll(transaction, asked, { by, period: { ...period } }) };
      });
      for (const destinationId of outcome?.woken ?? []) wake(destinationId);
      return outcome?.set ?? { done: 'no-source' };
    },

    async correct({ account, on, by }) {
      const now = clock.now();
      const outcome = await store.withMeter(account, on, now, async (transaction) => {
        const { meter, history } = transaction.meterState;
        const all = (await transaction.presumedResets(meter.source, ago(now))).filter(({ snapshot }) => snapshot.meter.key === meter.key);
        const last = all.toSorted((a, b) => b.snapshot.observedAt.getTime() - a.snapshot.observedAt.getTime())[0];
        if (last === undefined) return { corrected: { done: 'nothing' as const }, woken: [] };
        if (last.snapshot.answer !== null) return { corrected: { done: 'already' as const, by: last.snapshot.answer.by }, woken: [] };
        // Its levels are armed already, as after a correction. Only the consumption changes.
        if (history)
          await transaction.saveHistory(
            recountAsCorrection(history, { at: last.snapshot.observedAt, before: last.snapshot.before }, transaction.account.timeZone),
          );
        await transaction.markCorrection(last.snapshot.observedAt);
        await transaction.record({ action: 'correction', actor: by, about: { meter: `${meter.source}/${meter.key}` } });
        const closed = await closeAsCorrected(transaction, last.snapshot, newId);
        const answered = await answerAll(transaction, [last], { by, period: null });
        return { corrected: { done: 'corrected' as const }, woken: [...closed, ...answered] };
      });
      for (const destinationId of outcome?.woken ?? []) wake(destinationId);
      return outcome?.corrected ?? { done: 'nothing' };
    },
  };

  function ago(now: Date): Date {
    return new Date(now.getTime() - ANSWERED_WITHIN_MS);
  }

  async function answerAll(
    transaction: AccountTransaction,
    asked: readonly { readonly threadId: string; readonly snapshot: PresumedResetSnapshot }[],
    answer: NonNullable<PresumedResetSnapshot['answer']>,
  ): Promise<readonly string[]> {
    const woken: string[] = [];
    for (const { threadId, snapshot } of asked) {
      const deliveries = (await newestMessagesOf(transaction, threadId)).map((one) => edit(newId(), one));
      woken.push(
        ...(await saveNotifications(transaction, [
          { id: newId(), alertId: null, threadId, snapshot: { ...snapshot, answer }, deliveries },
        ])),
      );
    }
    return woken;
  }
}
