import { pino } from 'pino';
import { createCensor } from './censor.ts';
import type { Log } from './ports/log.ts';

/**
 * JSON lines on standard error: standard output belongs to what people asked for.
 *
 * @param secrets values that never appear, in whatever field or error text they come.
 */
export function createLog(level: string, secrets: readonly string[]): Log {
  const censor = createCensor(secrets);
  const censored = { write: (line: string) => void process.stderr.write(censor(line)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: pino.stdSerializers.err } }, censored);
}
