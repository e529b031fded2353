import { z } from 'zod';
import { nameSchema, presentable } from '../../core/meters/meter.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** The default source of a body that names none. */
export const PUSH_SOURCE = 'push';

const bodySchema = z.strictObject({ source: nameSchema.optional(), readings: z.array(z.unknown()) });
type PushBody = z.infer<typeof bodySchema>;

/** A body has four levels: itself, the list, a reading, its period. A much deeper one is an attack, not a mistake. */
const DEEPEST = 16;

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses the body of `POST /v1/usage`. Each reading is validated later. */
export function parseBody(bytes: Buffer): Result<PushBody, string> {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    return err(`the body is not JSON: ${reason}`);
  }
  return nestsDeeper(json, DEEPEST) ? err(`the body is nested more than ${DEEPEST} levels deep`) : checkBody(json);
}

/** Checks the parsed body of `POST /v1/usage`. */
export function checkBody(json: unknown): Result<PushBody, string> {
  const parsed = bodySchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  // A misspelled `source` must not send readings to the default source.
  if (issue?.code === 'unrecognized_keys' && typeof json === 'object' && json !== null && 'readings' in json)
    return err(`"${presentable(issue.keys[0] ?? '', 60)}" is not a field of the body (source, readings)`);
  if (issue?.path[0] === 'source') return err('"source" must have 1 to 200 characters, without control characters or a slash');
  return err(
    'the body must be an object with a list "readings": { "source": "abmatic", "readings": [ { "meter": "apollo_contacts", "used": 1614, "total": 1000000 } ] }',
  );
}
