import type { Rhythm } from '../../core/silence.ts';
import type { Said } from '../../core/digest-meter.ts';
import { decodeSnapshot } from '../../core/notification.ts';
import type { Watched } from '../../core/watch.ts';
import { alertHeadline } from '../../core/words/alert.ts';
import { plainPhrase } from '../../core/words/plain.ts';
import type { Prisma } from '../generated/client.ts';
import { rhythmFromSource } from './rows.ts';
import { WATCHED, watchedFromRow } from './watched.ts';

/** What a digest is made of. */
export async function readMeters(queries: Prisma.TransactionClient, accountId: string): Promise<readonly { watched: Watched; rhythm: Rhythm }[]> {
  const rows = await queries.meter.findMany({ where: { accountId, observedAt: { not: null } }, include: WATCHED });
  const sources = await queries.source.findMany({ where: { accountId }, include: { poll: true } });
  const sourceOf = new Map(sources.map((source) => [source.id, { period: source.period, rhythm: rhythmFromSource(source) }]));
  return rows.flatMap((row) => {
    const source = sourceOf.get(row.sourceId);
    return source === undefined ? [] : [{ watched: watchedFromRow(row, source), rhythm: source.rhythm }];
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
    const { observedAt } = snapshot.reading;
    // When it runs out stands in the digest as it is now.
    const isForecast = snapshot.findings.at(-1)?.kind === 'forecast';
    return [{ headline: isForecast ? 'warned' : plainPhrase(alertHeadline(snapshot), { timeZone: 'UTC', now: observedAt }), at: observedAt, critical: snapshot.severity === 'critical' }];
  });
}

const NEWS: ReadonlySet<string> = new Set(['fired', 'worsened', 'updated']);
