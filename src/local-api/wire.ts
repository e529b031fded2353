import { z } from 'zod';
import { TERMINAL } from '../core/notifications/route.ts';

/** The requests between the command line and the running service: `POST /local/<what>`, with the token of `service.json`. */
const account = z.string().nullable();
/** The person who typed the command: a person of the terminal, by the login name. */
export const actor = z.object({ platform: z.literal(TERMINAL.kind), id: z.string().min(1).max(200) });

export const asks = {
  answer: z.object({
    account,
    actor,
    text: z.string(),
    strong: z.boolean(),
    json: z.boolean().default(false),
    isRecorded: z.boolean().default(true),
  }),
  take: z.object({ account, actor, source: z.string(), eventId: z.string().nullable(), readings: z.array(z.unknown()) }),
  test: z.object({ account, actor, route: z.string() }),
  platformStatus: z.object({ platform: z.string() }),
  consumption: z.object({ account, actor, what: z.string(), since: z.string().nullable() }),
};

const failure = z.object({ ok: z.literal(false), error: z.string() });
/** A value, or a sentence that explains why there is none. */
export const resultOf = <T extends z.ZodType>(value: T) => z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), failure]);

export const answers = {
  answer: resultOf(z.string()),
  take: resultOf(
    z.object({
      accepted: z.int(),
      duplicates: z.int(),
      rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
      expired: z.object({ count: z.int(), keptMs: z.number() }).nullable().default(null),
    }),
  ),
  test: resultOf(z.string()),
  /** A successful export is sent as text/csv instead, with the number of meters in this header. */
  consumption: failure,
};
export const METERS_HEADER = 'creditwatch-meters';

/** The answer to an invalid request, or to an error in the service. */
export const refusalSchema = z.object({ error: z.string() });
