import { pino } from 'pino';
import type { Log } from './ports/log.ts';

/** Whatever looks like a credential of a platform we speak to, wherever it stands in a line. */
const CREDENTIALS =
  /xox[a-z]-[\w-]{6,}|xapp-[\w-]{6,}|whsec_[\w+/=]{6,}|(?<=hooks\.slack\.com\/)[\w/-]+|(?<=Bearer )[\w.~+/=-]{6,}|(?<=:\/\/[^:/?#\s"]+:)[^@\s"]+(?=@)/g;

/**
 * JSON lines on standard error: standard output belongs to what people asked for.
 *
 * @param secrets values that never appear, in whatever field or error text they come.
 */
export function createLog(level: string, secrets: readonly string[]): Log {
  const known = secrets.filter((secret) => secret.length >= 8).map((secret) => JSON.stringify(secret).slice(1, -1));
  const censored = {
    write(line: string) {
      let clean = line.replace(CREDENTIALS, '[secret]');
      for (const secret of known) clean = clean.replaceAll(secret, '[secret]');
      process.stderr.write(clean);
    },
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: pino.stdSerializers.err } }, censored);
}
