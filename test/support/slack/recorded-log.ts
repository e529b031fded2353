import { inspect } from 'node:util';
import type { Log } from '../../../src/ports/log.ts';

type LogLine = {
  readonly level: Exclude<keyof Log, 'conceal'>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
};

export type RecordedLog = Log & {
  readonly lines: readonly LogLine[];
  /** All that was handed to the log, errors with their stacks and properties: before anybody has taken secrets out. */
  text(): string;
};

export function recordedLog(): RecordedLog {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: object, message: string) => void lines.push({ level, fields: { ...fields }, message });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    conceal: () => undefined,
    lines,
    text: () => lines.map((line) => inspect(line, { depth: 12, breakLength: Infinity })).join('\n'),
  };
}
