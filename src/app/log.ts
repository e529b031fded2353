import { pino } from 'pino';
import type { Log } from '../ports/log.ts';
import { createRedactor, type Redactor } from './redact.ts';

/**
 * Creates a log of JSON lines on standard error; standard output is for results. Of an error only the fields of `describeError` are
 * written, and the redactor removes all known secrets.
 */
export function createLog(
  level: string,
  redactor: Redactor = createRedactor(),
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Log {
  const redacted = { write: (line: string) => write(escapeInvisible(redactor.redact(line))) };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { log: describeErrors } }, redacted);
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    conceal: (secret) => redactor.register(secret),
  };
}

/** Characters that a terminal or log viewer may interpret: control characters (C1 included), direction marks, and invisible characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Escapes them as JSON does: `\u202e`. Outside of strings a line of JSON has none but its line break. */
function escapeInvisible(line: string): string {
  const end = line.endsWith('\n') ? '\n' : '';
  const escaped = line
    .slice(0, line.length - end.length)
    .replace(INVISIBLE, (found) =>
      Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
    );
  return `${escaped}${end}`;
}

function describeErrors(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? describeError(value) : value]));
}

/** How far causes are followed. */
const DEEPEST = 4;
const LONGEST_MESSAGE = 1_000;
const MOST_FRAMES = 20;

/**
 * Returns the loggable fields of an error, from an allow-list: name, code, message, identifiers of the system or PostgreSQL, and
 * the stack. Libraries attach more to their errors: ioredis the command with its password, others the request with its headers, the
 * response or the row.
 */
function describeError(error: Error, depth = 0): object {
  const { cause } = error;
  const causes = error instanceof AggregateError ? error.errors : cause === undefined ? [] : [cause];
  return {
    type: word(error.name) ?? 'Error',
    message: messageOf(error),
    ...named(error),
    stack: framesOf(error),
    ...(depth < DEEPEST && causes.length > 0 && { causes: causes.slice(0, DEEPEST).map((one) => describeCause(one, depth + 1)) }),
  };
}

function describeCause(cause: unknown, depth: number): unknown {
  return cause instanceof Error ? describeError(cause, depth) : typeof cause;
}

/** Only words and numbers are logged: codes match this, texts from senders do not. */
const NAMED = [
  'code',
  'errno',
  'syscall',
  'port',
  'status',
  'statusCode',
  'severity',
  'routine',
  'schema',
  'table',
  'column',
  'constraint',
];

function named(error: Error): object {
  return Object.fromEntries(
    NAMED.flatMap((name) => {
      const value: unknown = Reflect.get(error, name);
      const shown = typeof value === 'number' ? value : word(value);
      return shown === undefined ? [] : [[name, shown]];
    }),
  );
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value) ? value : undefined;
}

/** Prisma's message contains the whole call with its values, and ends with the reason. */
function messageOf(error: Error): string {
  // A thrown value can have any type in these fields.
  const [name, message]: readonly unknown[] = [error.name, error.message];
  if (typeof message !== 'string') return typeof message;
  const said = typeof name === 'string' && name.startsWith('PrismaClient') ? (message.trim().split('\n').at(-1) ?? '') : message;
  return said.length <= LONGEST_MESSAGE ? said : `${said.slice(0, LONGEST_MESSAGE)}…`;
}

/** Only the stack frames, because the first lines repeat the message. */
function framesOf(error: Error): readonly string[] {
  const stack: unknown = error.stack;
  return (typeof stack === 'string' ? stack : '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, MOST_FRAMES);
}
