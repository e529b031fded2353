import type { Rhythm } from '../../../core/status/staleness.ts';
import type { Said } from '../../../core/status/digest-meter.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { Watched } from '../../../core/alerts/evaluate.ts';
import { Prisma } from '../../generated/client.ts';
import { rhythmFromSource } from './rows.ts';
import { readWatched } from './read-meter-state.ts';

/** What a digest is made of. */
export async function readMeters(
  queries: Prisma.TransactionClient,
  accountId: string,
): Promise<readonly { watched: Watched; rhythm: Rhythm }[]> {
  const sources = await queries.source.findMany({ where: { accountId }, include: { poll: true } });
  const sourceOf = new Map(sources.map((source) => [source.id, { period: source.period, rhythm: rhythmFromSource(source) }]));
  const meters = await readWatched(
    queries,
    Prisma.sql`account_id = ${accountId} AND observed_at IS NOT NULL`,
    (source) => sourceOf.get(source)?.period ?? null,
  );
  return meters.flatMap((watched) => {
    const source = sourceOf.get(watched.meter.source);
    return source === undefined ? [] : [{ watched, rhythm: source.rhythm }];
  });
}

export async function readSaid(queries: Prisma.TransactionClient, meterId: string, since: Date): Promise<readonly Said[]> {
  const rows = await queries.notification.findMany({
    where: { kind: 'alert', alert: { meterId }, OR: [{ createdAt: { gte: since } }, { alert: { openTopic: { not: null } } }] },
    orderBy: { createdAt: 'asc' },
  });
  return rows.flatMap(({ snapshot: stored }): Said[] => {
    const snapshot = decodeSnapshot(stored);
    if (snapshot.kind !== 'alert' || !NEWS.has(snapshot.change)) return [];
    return [{ findings: snapshot.findings, reading: snapshot.reading, critical: snapshot.severity === 'critical' }];
  });
}

const NEWS: ReadonlySet<string> = new Set(['fired', 'worsened', 'updated']);
