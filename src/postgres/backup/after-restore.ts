import type { Client } from 'pg';
import { z } from 'zod';
import { afterRestore, LEAST_WAIT_MS } from '../../core/notifications/after-restore.ts';
import { dueWarning, keyExpirySchema, toldExpirySchema } from '../../core/meters/key-expiry.ts';
import { routeSettingsSchema } from '../../core/notifications/route.ts';
import { claimRun, remindAt } from '../../core/time/schedule.ts';
import { endsAt } from '../../core/alerts/snooze.ts';
import { decodeSnooze } from '../../core/alerts/stored-snooze.ts';
import { timerKinds, type TimerKind } from '../../core/notifications/timer.ts';

export type Times = { readonly takenAt: Date; readonly now: Date };

/** The deliveries that were pending at the backup, and the timers that are skipped because their time has passed since. */
export type Held = {
  /** Messages that may have been posted since the backup, per destination. */
  readonly waiting: readonly { readonly kind: string; readonly address: string; readonly messages: number }[];
  /** Timers that are skipped, per kind. */
  readonly skipped: Readonly<Partial<Record<TimerKind, number>>>;
};

/**
 * Prepares restored data so that no message is posted twice. The original installation may have gone on after the backup, and what
 * it posted is not known here (docs/backup.md).
 */
export async function prepareRestored(client: Client, times: Times): Promise<Held> {
  await client.query('UPDATE destination SET lease_owner = NULL, lease_until = NULL WHERE lease_until IS NOT NULL');
  await client.query('UPDATE poll SET lease_owner = NULL, lease_until = NULL WHERE lease_until IS NOT NULL');
  const waiting = await doubtWaiting(client, times);
  return { waiting, skipped: await settleTimers(client, times) };
}

const waitingRows = z.array(z.object({ kind: z.string(), address: z.string(), messages: z.int() }));

/** Edits are left out, because making an edit twice has the same result. */
async function doubtWaiting(client: Client, { takenAt, now }: Times): Promise<Held['waiting']> {
  const { rows } = await client.query(
    `WITH doubted AS (
       INSERT INTO attempt (delivery_id, number, kind, started_at, finished_at, outcome, reason)
       SELECT id, 1 + coalesce((SELECT max(number) FROM attempt WHERE delivery_id = delivery.id), 0), 'restored', $1, $2, 'unknown',
         'restored from a backup: it may have been posted since'
       FROM delivery WHERE status = 'pending' AND action <> 'edit' RETURNING delivery_id
     )
     SELECT destination.kind, destination.address, count(*)::int AS messages
     FROM doubted JOIN delivery ON delivery.id = doubted.delivery_id JOIN destination ON destination.id = delivery.destination_id GROUP BY 1, 2 ORDER BY 1, 2`,
    [takenAt, now],
  );
  return waitingRows.parse(rows);
}

const timerRows = z.array(
  z.object({ account: z.string(), kind: z.enum(timerKinds), subject: z.string(), due_at: z.date(), time_zone: z.string() }),
);
type TimerRow = z.infer<typeof timerRows>[number];

async function settleTimers(client: Client, { takenAt, now }: Times): Promise<Held['skipped']> {
  const { rows } = await client.query(
    'SELECT account_id AS account, kind, subject, due_at, time_zone FROM timer JOIN account ON account.id = timer.account_id ORDER BY due_at',
  );
  const skipped: Partial<Record<TimerKind, number>> = {};
  for (const timer of timerRows.parse(rows)) {
    const what = afterRestore[timer.kind];
    if (what === 'wait') {
      const leftMs = Math.max(timer.due_at.getTime() - takenAt.getTime(), LEAST_WAIT_MS);
      await setTimer(client, timer, new Date(now.getTime() + leftMs), now);
    }
    if (timer.due_at > now || what === 'keep' || what === 'wait') continue;
    skipped[timer.kind] = (skipped[timer.kind] ?? 0) + 1;
    if (timer.kind === 'digest') await skipDigest(client, timer, now);
    else if (timer.kind === 'snooze-end') await endSnooze(client, timer, now);
    else if (timer.kind === 'key-expiry') await skipKeyWarning(client, timer, now);
    else await setTimer(client, timer, null, now);
  }
  return skipped;
}

/** @param at null deletes the timer */
async function setTimer(
  client: Client,
  { account, kind, subject }: Pick<TimerRow, 'account' | 'kind' | 'subject'>,
  at: Date | null,
  now: Date,
): Promise<void> {
  if (at === null) await client.query('DELETE FROM timer WHERE account_id = $1 AND kind = $2 AND subject = $3', [account, kind, subject]);
  else
    await client.query(
      `INSERT INTO timer (account_id, kind, subject, due_at, set_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at`,
      [account, kind, subject, at, now],
    );
}

const settingsRows = z.array(z.object({ settings: routeSettingsSchema })).max(1);

async function skipDigest(client: Client, timer: TimerRow, now: Date): Promise<void> {
  const { account, subject } = timer;
  const { rows } = await client.query('SELECT settings FROM route WHERE account_id = $1 AND id = $2', [account, subject]);
  const [route] = settingsRows.parse(rows);
  if (!route?.settings.digest) return setTimer(client, timer, null, now);
  const { run, skipped, nextRunAt } = claimRun(route.settings.digest, timer.due_at, now, route.settings.timeZone ?? timer.time_zone);
  for (const { week } of [...skipped, ...(run === null ? [] : [run])])
    await client.query(
      "INSERT INTO digest_run (account_id, route_id, week, outcome, ran_at) VALUES ($1, $2, $3, 'skipped', $4) ON CONFLICT DO NOTHING",
      [account, subject, week, now],
    );
  await setTimer(client, timer, nextRunAt, now);
  await setTimer(client, { account, kind: 'paste-reminder', subject }, remindAt(nextRunAt), now);
}

const expiryRows = z.array(z.object({ expiry: keyExpirySchema, told: toldExpirySchema.nullable() })).max(1);

/** A warning that came due since the backup counts as sent. */
async function skipKeyWarning(client: Client, timer: TimerRow, now: Date): Promise<void> {
  const { account, subject } = timer;
  const { rows } = await client.query(
    'SELECT key_expiry AS expiry, key_expiry_told AS told FROM source WHERE account_id = $1 AND id = $2 AND key_expiry IS NOT NULL',
    [account, subject],
  );
  const [source] = expiryRows.parse(rows);
  if (source === undefined) return setTimer(client, timer, null, now);
  const { warning, nextAt } = dueWarning(source.expiry, source.told, { now, timeZone: timer.time_zone });
  if (warning !== null)
    await client.query('UPDATE source SET key_expiry_told = $3 WHERE account_id = $1 AND id = $2', [
      account,
      subject,
      JSON.stringify(warning),
    ]);
  await setTimer(client, timer, nextAt, now);
}

const snoozedRows = z.array(z.object({ snoozed: z.unknown() })).max(1);

/** Ends a snooze whose time has passed, without a message about open alerts. A snooze that was extended goes on. */
async function endSnooze(client: Client, timer: TimerRow, now: Date): Promise<void> {
  const { rows } = await client.query('SELECT snoozed FROM meter WHERE account_id = $1 AND id::text = $2 AND snoozed IS NOT NULL', [
    timer.account,
    timer.subject,
  ]);
  const [meter] = snoozedRows.parse(rows);
  const end = meter === undefined ? null : endsAt(decodeSnooze(meter.snoozed).snooze);
  if (end !== null && end > now) return setTimer(client, timer, end, now);
  await client.query('UPDATE meter SET snoozed = NULL WHERE account_id = $1 AND id::text = $2', [timer.account, timer.subject]);
  await setTimer(client, timer, null, now);
}
