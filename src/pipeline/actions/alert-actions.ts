import { hasHeldBack } from '../../core/alerts/apply-snooze.ts';
import { bindRules, worstFor } from '../../core/rules/registry.ts';
import { endsAt, otherChoices, snoozeFor, type SnoozeChoice } from '../../core/alerts/snooze.ts';
import type { Alert } from '../../core/alerts/alert.ts';
import { shownSnooze, type StoredSnooze } from '../../core/alerts/stored-snooze.ts';
import { compareSeverity, worstSeverity } from '../../core/rules/severity.ts';
import type { Actor, AuditAction } from '../../core/audit/audit.ts';
import type { AuditStore } from '../../ports/stores/audit-store.ts';
import type { ActionResult, Actions, Requested, Unsnoozed } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccountTransaction } from '../../ports/stores/account-transaction.ts';
import type { ActionStore, LockedMeter, MeterKey, SubscriptionStore } from '../../ports/stores/action-store.ts';
import type { CaptureStore } from '../../ports/stores/capture-store.ts';
import type { ReadStore } from '../../ports/stores/read-store.ts';
import { makeCaptureKey } from './capture-keys.ts';
import { askAdmins } from './ask-admins.ts';
import { setPeriodActions } from './set-period.ts';
import { saveStatedTotal } from './state-total.ts';
import { reminderActions } from './reassign-reminder.ts';
import { edit, newestMessagesOf, saveNotifications } from '../notify/save-notifications.ts';
import { notifyApprovers } from './notify-approvers.ts';
import type { Person } from '../../core/text/person.ts';

const NO_ALERT = { result: { done: 'no-alert' as const }, woken: [] };

/**
 * Creates the actions that people take in chat. Posted messages are edited, so that everyone sees who acknowledged an alert; no one is
 * notified.
 */
export function createActions({
  store,
  clock,
  newId,
  wake,
  address,
}: {
  readonly store: ActionStore &
    SubscriptionStore & { readonly audit: Pick<AuditStore, 'record'>; readonly captures: CaptureStore } & Pick<
      ReadStore,
      'routes' | 'timeZone'
    >;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
  /** Returns the URL of the service, without a slash at the end. */
  readonly address: () => string;
}): Actions {
  return {
    ...setPeriodActions({ store, clock, newId, wake }),
    ...reminderActions({ store, clock, newId, wake }),
    ...askAdmins({ store, clock, newId, wake }),
    makeCaptureKey: (deed) => makeCaptureKey({ store, clock, address }, deed),
    async exported({ account, by, what }) {
      await store.audit.record(account, { action: 'export', actor: by, about: what === null ? {} : { meter: what } }, clock.now());
    },

    async acknowledge({ account, on, by }) {
      return act<ActionResult>(account, on, NO_ALERT.result, async (transaction, now) => {
        const open = [...transaction.meterState.alerts.values()];
        const [first] = open;
        if (first === undefined) return NO_ALERT;
        const taken = open.find((alert) => alert.acknowledged !== null)?.acknowledged;
        if (taken) return { result: { done: 'already', by: taken.by, at: taken.at }, woken: [] };
        const acknowledged = open.map((alert): Alert => ({ ...alert, status: 'acknowledged', acknowledged: { by, at: now } }));
        for (const alert of acknowledged) await transaction.saveAlert(alert);
        await recordOf(transaction, 'acknowledge', by);
        return { result: { done: 'acknowledged' }, woken: await redraw(transaction, acknowledged, transaction.meterState.snoozed) };
      });
    },

    async snooze({ account, on, by, choice }) {
      return act<ActionResult>(account, on, NO_ALERT.result, async (transaction, now) => {
        const snoozed = await snoozeMeter(transaction, { choice, by, with: 'snooze', now });
        const { current, meter, alerts } = transaction.meterState;
        if (snoozed === null || current === null) return NO_ALERT;
        await recordOf(transaction, 'snooze', by, { choice });
        const { snooze, worseComes } = snoozed;
        const alert = { severity: snooze.severity, reading: current.reading, resets: meter.resets };
        const others = otherChoices(choice, alert, now, transaction.account.timeZone);
        return {
          result: { done: 'snoozed', until: endsAt(snooze), choice, worseComes, others },
          woken: await redraw(transaction, [...alerts.values()], snoozed),
        };
      });
    },

    async unsnooze({ account, on, by, and }) {
      return act<Unsnoozed>(account, on, NO_ALERT.result, async (transaction, now) => {
        const { snoozed, meter, alerts } = transaction.meterState;
        if (snoozed === null) return { result: { done: 'not-snoozed' }, woken: [] };
        await recordOf(transaction, 'unsnooze', by);
        if (and === 'edit' && !hasHeldBack(snoozed, alerts.values())) {
          await transaction.saveSnooze(null);
          await transaction.setTimer('snooze-end', meter.id, null);
          return { result: { done: 'unsnoozed' }, woken: await redraw(transaction, [...alerts.values()], null) };
        }
        // Ends as if by the clock: open alerts are posted, because a snooze uses up no finding.
        await transaction.saveSnooze({ ...snoozed, snooze: { kind: 'until', severity: snoozed.snooze.severity, at: now } });
        await transaction.setTimer('snooze-end', meter.id, now);
        return { result: { done: 'unsnoozed' }, woken: [] };
      });
    },

    async stateTotal({ account, on, by, total }) {
      return act<{ done: 'stated' | 'no-meter' }>(account, on, { done: 'no-meter' }, async (transaction, now) => {
        const woken = await saveStatedTotal(transaction, { total, now, newId });
        await recordOf(transaction, 'total-stated', by);
        return { result: { done: 'stated' }, woken };
      });
    },

    async request({ account, on, by, ask, to, buy }) {
      return act<Requested>(account, on, { done: 'no-meter' }, async (transaction, now) => {
        const open = [...transaction.meterState.alerts.values()];
        const before = open.find((alert) => alert.requested !== null)?.requested;
        if (before) return { result: { done: 'already', by: before.by, at: before.at }, woken: [] };
        const approval = await notifyApprovers(transaction, { by, ask, to, buy }, newId);
        await recordOf(transaction, 'request', by, { choice: ask, people: approval.notified });
        const snoozed = await snoozeMeter(transaction, { choice: 'until-total-changes', by, with: 'request', now });
        const result: Requested = {
          done: 'requested',
          isSnoozed: snoozed !== null,
          worseComes: snoozed?.worseComes ?? false,
          notified: approval.notified,
        };
        if (snoozed === null) return { result, woken: approval.woken };
        const alerts = open.map((alert): Alert => ({ ...alert, requested: { by, at: now } }));
        for (const alert of alerts) await transaction.saveAlert(alert);
        return { result, woken: [...approval.woken, ...(await redraw(transaction, alerts, snoozed))] };
      });
    },
  };

  async function recordOf(
    transaction: AccountTransaction & LockedMeter,
    action: AuditAction,
    actor: Actor,
    { choice, people = [] }: { readonly choice?: string; readonly people?: readonly Person[] } = {},
  ): Promise<void> {
    const { source, key } = transaction.meterState.meter;
    await transaction.record({ action, actor, about: { meter: `${source}/${key}`, ...(choice !== undefined && { choice }) }, people });
  }

  /** Snoozes the meter; null if it has no open alert. */
  async function snoozeMeter(
    transaction: AccountTransaction & LockedMeter,
    { choice, by, with: deed, now }: { readonly choice: SnoozeChoice; readonly now: Date } & Pick<StoredSnooze, 'by' | 'with'>,
  ): Promise<StoredSnooze | null> {
    const { alerts, current, meter } = transaction.meterState;
    const severity = worstSeverity([...alerts.values()].map((alert) => alert.severity));
    if (severity === null || current === null) return null;
    const { reading } = current;
    const worst = worstFor(meter, bindRules(await transaction.rules()));
    const snoozed: StoredSnooze = {
      snooze: snoozeFor(choice, { severity, reading }, now, transaction.account.timeZone),
      by,
      at: now,
      with: deed,
      worseComes: compareSeverity(worst, severity) > 0,
      readingAt: reading.observedAt,
    };
    await transaction.saveSnooze(snoozed);
    await transaction.setTimer('snooze-end', meter.id, endsAt(snoozed.snooze));
    return snoozed;
  }

  /**
   * Runs `work` on a meter and wakes the destinations after the commit.
   *
   * @param without the result if there is no such meter
   */
  async function act<T>(
    account: string,
    on: MeterKey,
    without: T,
    work: (transaction: AccountTransaction & LockedMeter, now: Date) => Promise<{ result: T; woken: readonly string[] }>,
  ): Promise<T> {
    const now = clock.now();
    const outcome = await store.withMeter(account, on, now, (transaction) => work(transaction, now));
    if (outcome === null) return without;
    for (const destinationId of outcome.woken) wake(destinationId);
    return outcome.result;
  }

  /** Edits the messages of these alerts to show who looks after them now. */
  async function redraw(
    transaction: AccountTransaction,
    alerts: readonly Alert[],
    snoozed: StoredSnooze | null,
  ): Promise<readonly string[]> {
    const woken: string[] = [];
    for (const alert of alerts) {
      const said = await transaction.lastSnapshot(alert.id);
      if (said?.kind !== 'alert') continue;
      const notified = await newestMessagesOf(transaction, alert.id);
      const snapshot = {
        ...said,
        acknowledged: alert.acknowledged && { ...alert.acknowledged },
        requested: alert.requested && { ...alert.requested },
        snoozed: snoozed && shownSnooze(snoozed),
      };
      woken.push(
        ...(await saveNotifications(transaction, [
          { id: newId(), alertId: alert.id, threadId: alert.id, snapshot, deliveries: notified.map((one) => edit(newId(), one)) },
        ])),
      );
    }
    return woken;
  }
}
