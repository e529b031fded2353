import { z } from 'zod';
import { nameSchema, presentable } from '../../core/meters/meter.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { BodyProblem } from '../../core/text/import-problem.ts';
import type { PushProblem } from '../../messages/replies/push.ts';

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
export function parseBody(bytes: Buffer): Result<PushBody, PushProblem> {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return err({ kind: 'not-json', why: error instanceof SyntaxError ? error.message : null });
  }
  return nestsDeeper(json, DEEPEST) ? err({ kind: 'deep', most: DEEPEST }) : checkBody(json);
}

/** Checks the parsed body of `POST /v1/usage`. */
export function checkBody(json: unknown): Result<PushBody, BodyProblem> {
  const parsed = bodySchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  // A misspelled `source` must not send readings to the default source.
  if (issue?.code === 'unrecognized_keys' && typeof json === 'object' && json !== null && 'readings' in json)
    return err({ kind: 'unknown-field', field: presentable(issue.keys[0] ?? '', 60) });
  if (issue?.path[0] === 'source') return err({ kind: 'bad-source' });
  return err({ kind: 'no-list' });
}
