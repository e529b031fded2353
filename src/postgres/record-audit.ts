import type { Client } from 'pg';
import type { AuditAction, Actor, AuditAbout } from '../core/audit/audit.ts';

/** Records an action on the whole database, in the session's transaction. Databases from before the audit record have no table for it. */
export async function recordAudit(
  client: Client,
  {
    action,
    actor,
    about = {},
  }: {
    readonly action: Extract<AuditAction, 'backup' | 'restored' | 'migrate'>;
    readonly actor: Actor;
    readonly about?: Pick<AuditAbout, 'count'>;
  },
  now: Date,
): Promise<void> {
  const { rows } = await client.query("SELECT 1 WHERE to_regclass('audit') IS NOT NULL");
  if (rows.length === 0) return;
  await client.query("INSERT INTO audit (at, platform, actor, action, about, person) VALUES ($1, $2, $3, $4, $5, '{}')", [
    now,
    actor.platform,
    actor.id,
    action,
    about,
  ]);
}
