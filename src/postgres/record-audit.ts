import type { Client } from 'pg';
import type { AuditAction, Actor, AuditAbout } from '../core/audit/audit.ts';

/** Records what is done to the whole database, in the transaction that the session is in. A database from before the record has no table for it. */
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
