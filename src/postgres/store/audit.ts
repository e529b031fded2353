import { boundedAbout, auditPlace, type AuditEntry } from '../../core/audit.ts';
import type { Prisma } from '../generated/client.ts';
import { toJson } from './json.ts';

/**
 * Adds a row to the record, in the transaction of what it records. The database refuses to change or delete it: see the migration.
 *
 * @param accountId null for what concerns the whole deployment
 */
export async function recordAudit(
  queries: Pick<Prisma.TransactionClient, 'audit'>,
  accountId: string | null,
  { action, actor, about = {}, place = null, people = [] }: AuditEntry,
  now: Date,
): Promise<void> {
  const at = auditPlace(place);
  await queries.audit.create({
    data: {
      accountId,
      recordedAt: now,
      platform: actor.platform,
      actor: actor.id,
      action,
      about: toJson(boundedAbout({ ...about, ...at.about })),
      place: at.place,
      person: [...new Set(people)],
    },
  });
}
