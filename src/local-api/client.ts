import type { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { serviceAwayText, serviceRefusedText } from '../messages/failures/service.ts';
import { FIGURES_UNAVAILABLE } from '../messages/replies/errors.ts';
import { sumOfExpired, type Expired, type Operations } from '../ports/inbound/operations.ts';
import { MOST_PER_BATCH } from '../ports/inbound/ingest.ts';
import { answers, METERS_HEADER, refusalSchema } from './wire.ts';

/** A little longer than the service waits for its database. */
const ANSWER_WITHIN_MS = 15_000;
/** The service answers after the test message was posted. */
const TEST_WITHIN_MS = 30_000;
/** Well under the limit of 16 MiB for a body. */
const MOST_CHARACTERS = 5_000_000;

/** Returns the operations of the running service, over HTTP with the token of its data folder. */
export function serviceClient(service: RunningService): Operations {
  return {
    answer: (asked) => callService(service, 'answer', asked, answers.answer),
    test: (asked) => callService(service, 'test', asked, answers.test, TEST_WITHIN_MS),
    async take({ readings, eventId, ...rest }) {
      const sum = { accepted: 0, duplicates: 0, rejected: [] as { index: number; reason: string }[] };
      let expired: Expired | null = null;
      // The first part carries the hash of the whole text, so that pasting the same text in chat is recognised.
      for (let from = 0, end = 0; from < readings.length; from = end) {
        end = endOfRequest(readings, from);
        const part = {
          ...rest,
          readings: readings.slice(from, end),
          eventId: eventId === null || from === 0 ? eventId : `${eventId} ${String(from)}`,
        };
        const report = await callService(service, 'take', part, answers.take);
        if (!report.ok) return report;
        sum.accepted += report.value.accepted;
        sum.duplicates += report.value.duplicates;
        expired = sumOfExpired(expired, report.value.expired);
        sum.rejected.push(...report.value.rejected.map(({ index, reason }) => ({ index: index + from, reason })));
      }
      return ok({ ...sum, expired });
    },
    async consumption(asked) {
      const response = await openService(service, 'consumption', asked, ANSWER_WITHIN_MS);
      if (!response.ok) return response;
      const { headers, body } = response.value;
      if (!headers.get('content-type')?.startsWith('text/csv') || body === null)
        return answers.consumption.parse(await response.value.json());
      return ok({ meters: Number(headers.get(METERS_HEADER)), csv: body.pipeThrough(new TextDecoderStream()) });
    },
  };
}

export type RunningService = { readonly url: string; readonly token: string };

/**
 * Calls the running service with the token of its data folder.
 *
 * @returns its answer, or an error sentence
 */
export async function callService<T>(
  service: RunningService,
  what: string,
  body: unknown,
  schema: z.ZodType<Result<T, string>>,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Result<T, string>> {
  const response = await openService(service, what, body, withinMs);
  return response.ok ? schema.parse(await response.value.json()) : response;
}

/** Sends a request to the running service. The caller reads the answer, without a time limit. */
export async function openService(
  { url, token }: RunningService,
  what: string,
  body: unknown,
  withinMs: number,
): Promise<Result<Response, string>> {
  // Covers the time until the headers of the answer; a long body may take longer.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), withinMs);
  try {
    const response = await fetch(new URL(`/local/${what}`, url), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: patience.signal,
    });
    if (response.ok) return ok(response);
    const refusal = refusalSchema.safeParse(await response.json());
    return err(serviceRefusedText(url, response.status, refusal.success ? refusal.data.error : null));
  } catch (error) {
    if (patience.signal.aborted) return err(FIGURES_UNAVAILABLE);
    return err(serviceAwayText(url, error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)));
  } finally {
    clearTimeout(timer);
  }
}

/** Returns what the running service has observed of a platform, as its adapter reports it; null if it does not answer. */
export async function platformStatus(service: RunningService, platform: string): Promise<unknown> {
  const response = await openService(service, 'platform-status', { platform }, ANSWER_WITHIN_MS);
  try {
    return response.ok ? await response.value.json() : null;
  } catch {
    return null;
  }
}

/**
 * Returns where the request that begins with this reading ends: at least one reading later. One unit of `length` is at most three
 * bytes.
 */
function endOfRequest(readings: readonly unknown[], from: number): number {
  let characters = 0;
  for (let end = from; end < readings.length; end += 1) {
    characters += JSON.stringify(readings[end]).length + 1;
    if (end > from && (end - from >= MOST_PER_BATCH || characters > MOST_CHARACTERS)) return end;
  }
  return readings.length;
}
