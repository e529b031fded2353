import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/**
 * Slack's libraries talk a lot: at debug level they print whole payloads with their response_url and the ticket of the
 * socket. So only warnings and errors pass, without addresses and tokens, and one level milder: whoever called them says
 * in its own words what failed.
 */
export function boltLogger(log: Log): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => log.debug({ detail: scrubbed(parts) }, "Slack's library warns"),
    error: (...parts: unknown[]) => log.warn({ detail: scrubbed(parts) }, "Slack's library reports an error"),
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
