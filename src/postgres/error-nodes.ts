import { z } from 'zod';

const nodeSchema = z.looseObject({
  code: z.unknown().optional(),
  originalCode: z.unknown().optional(),
  originalMessage: z.unknown().optional(),
  kind: z.unknown().optional(),
  message: z.unknown().optional(),
  cause: z.unknown().optional(),
  meta: z.unknown().optional(),
  driverAdapterError: z.unknown().optional(),
  errors: z.unknown().optional(),
  severity: z.unknown().optional(),
});
type ErrorNode = z.infer<typeof nodeSchema>;
const DEEPEST = 6;

/** Lists an error and its causes, as pg, Node and Prisma nest them. */
export function nodesOf(error: unknown, depth = 0): readonly ErrorNode[] {
  if (typeof error !== 'object' || error === null || depth > DEEPEST) return [];
  const {
    code,
    originalCode,
    originalMessage,
    kind,
    message,
    cause: inner,
    meta,
    driverAdapterError,
    errors,
    severity,
  }: ErrorNode = Object.assign(Object.create(null), nodeFields(error));
  const below = [inner, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])];
  return [{ code, originalCode, originalMessage, kind, message, severity }, ...below.flatMap((one) => nodesOf(one, depth + 1))];
}

/** `message` and `cause` of an Error are not enumerable. */
function nodeFields(error: object): ErrorNode {
  return nodeSchema.parse(Object.fromEntries(Object.keys(nodeSchema.shape).map((key) => [key, Reflect.get(error, key)])));
}

/** Lists all codes in an error. Prisma's adapter has a `kind` for the errors that it recognises. */
export function codesOf(error: unknown): readonly string[] {
  return nodesOf(error).flatMap(({ code, originalCode, kind }) => [originalCode, code, kind].filter((one) => typeof one === 'string'));
}

/** Lists all messages in an error, the outermost first. */
export function textsOf(error: unknown): readonly string[] {
  return nodesOf(error).flatMap(({ message, kind }) => [message, kind].filter((one) => typeof one === 'string'));
}
