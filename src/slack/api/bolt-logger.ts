import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/**
 * Returns a logger for Slack's libraries. At debug level they print whole payloads with response_url and socket tickets, so only warnings
 * and errors are logged, without URLs and tokens. They are logged one level lower, because our own code logs the failure of its call.
 */
export function boltLogger(log: Log): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => log.debug({ detail: scrubbed(parts) }, 'Slack library warning'),
    error: (...parts: unknown[]) => log.warn({ detail: scrubbed(parts) }, 'Slack library error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

function scrubbed(parts: readonly unknown[]): string {
  const text = parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return text
    .replace(/\b(?:https?|wss?):\/\/\S+/g, '[address]')
    .replace(/\bx(?:ox[a-z]|app)-\S+/g, '[token]')
    .slice(0, 500);
}
