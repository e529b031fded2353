import { z } from 'zod';
import type { ServiceFile } from '../datadir/service-file.ts';
import type { IngestReport } from '../ports/ingest.ts';

const TIMEOUT_MS = 10_000;
/** Well under the 1 MiB of a body. */
const READINGS_A_REQUEST = 500;

const reportSchema = z.object({ accepted: z.int(), duplicates: z.int(), rejected: z.array(z.object({ index: z.int(), reason: z.string() })) });
const errorSchema = z.object({ error: z.string() });

/** The running service, asked over HTTP with the token of its data folder. */
export function serviceClient({ url, token }: Pick<ServiceFile, 'url' | 'token'>) {
  const call = async ({ headers, ...init }: { readonly method: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }): Promise<unknown> => {
    const answer = await fetch(new URL('/v1/usage', url), { ...init, headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await answer.json();
    if (answer.ok) return body;
    const refusal = errorSchema.safeParse(body);
    throw new Error(`the service at ${url} answered ${answer.status}: ${refusal.success ? refusal.data.error : 'without a reason'}`);
  };
  return {
    /** @param eventId counts the same readings once, however often they are sent */
    async ingest(source: string, readings: readonly unknown[], eventId: string | null): Promise<IngestReport> {
      const sum = { accepted: 0, duplicates: 0, rejected: [] as { index: number; reason: string }[] };
      for (let from = 0; from < readings.length; from += READINGS_A_REQUEST) {
        const body = JSON.stringify({ source, readings: readings.slice(from, from + READINGS_A_REQUEST) });
        const report = reportSchema.parse(await call({ method: 'POST', body, ...(eventId !== null && { headers: { 'webhook-id': `${eventId} ${String(from)}` } }) }));
        sum.accepted += report.accepted;
        sum.duplicates += report.duplicates;
        sum.rejected.push(...report.rejected.map(({ index, reason }) => ({ index: index + from, reason })));
      }
      return sum;
    },
  };
}
