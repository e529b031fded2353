import { z } from 'zod';
import { parseAmount } from '../core/amount.ts';
import type { Overview } from '../core/overview.ts';
import { severitySchema } from '../core/severity.ts';
import type { ServiceFile } from '../datadir/service-file.ts';
import type { IngestReport } from '../ports/ingest.ts';

const TIMEOUT_MS = 10_000;
/** Well under the 1 MiB of a body. */
const READINGS_A_REQUEST = 500;

const figure = z.union([z.number(), z.string()]);
const overviewSchema = z.object({
  needAttention: z.int(),
  meters: z.array(
    z.object({
      source: z.string(), meter: z.string(), label: z.string(), aliases: z.array(z.string()), unit: z.string(), decimals: z.int(), consequence: z.string().nullable(),
      used: figure, total: figure.nullable(), severity: severitySchema.nullable(), expired: z.boolean(), observedAt: z.coerce.date(),
      period: z.object({ start: z.coerce.date(), end: z.coerce.date() }).nullable(),
    }),
  ),
});
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
    async overview(): Promise<Overview> {
      const { needAttention, meters } = overviewSchema.parse(await call({ method: 'GET' }));
      const lines = meters.map(({ used, total, severity, expired, observedAt, period, meter: key, ...rest }) => ({
        meter: { id: '', account: '', owner: null, key, ...rest },
        reading: { used: exact(used, rest.decimals), total: total === null ? null : exact(total, rest.decimals), observedAt, period },
        severity,
        expired,
      }));
      return { lines, needAttention };
    },
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

function exact(raw: number | string, decimals: number): bigint {
  const amount = parseAmount(raw, decimals);
  if (!amount.ok) throw new Error(`the service sent a figure that ${amount.error}`);
  return amount.value;
}
