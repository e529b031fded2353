import type { Client } from 'pg';
import type { AuditAction } from '../../core/audit.ts';

/** Records a backup or a restore, in the transaction that the session is in. A database from before the record has no table for it. */
export async function recordIn(
  client: Client,
  action: Extract<AuditAction, 'backup' | 'restored'>,
  user: string,
  now: Date,
): Promise<void> {
  const { rows } = await client.query("SELECT 1 WHERE to_regclass('audit') IS NOT NULL");
  if (rows.length === 0) return;
  await client.query("INSERT INTO audit (at, platform, actor, action, about, person) VALUES ($1, 'terminal', $2, $3, '{}', '{}')", [
    now,
    user,
    action,
  ]);
}
