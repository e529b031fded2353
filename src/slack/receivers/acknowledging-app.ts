import { App, type AppOptions, type ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import { errorName } from '../../core/error-name.ts';
import type { Log } from '../../ports/log.ts';
import { acknowledge } from '../listeners/listener-parts.ts';
import { botEvents } from '../listeners/uninstalled.ts';

/** The type of a payload, by Slack's name (docs.slack.dev/reference/interaction-payloads, docs.slack.dev/reference/events). */
const sentSchema = z.union([
  z.object({ event: z.object({ type: z.string() }) }).transform(({ event }) => ({ type: event.type, isEvent: true })),
  z.object({ command: z.string() }).transform(() => ({ type: 'command', isEvent: false })),
  z.object({ type: z.string() }).transform(({ type }) => ({ type, isEvent: false })),
]);

const HANDLED: ReadonlySet<string> = new Set(botEvents);
/**
 * Slack expects a list of choices for a menu, and shows an error without one
 * (docs.slack.dev/reference/interaction-payloads/block_suggestion-payload).
 */
const NO_CHOICES = { options: [] };

/** The payload is not one of Slack's. */
export class UnknownPayload extends Error {
  override readonly name = 'UnknownPayload';
}

/**
 * Bolt, which also acknowledges payloads without a listener, such as shortcuts and future types. Bolt itself does not answer them, and
 * Slack then shows people an error.
 */
export class AcknowledgingApp extends App {
  readonly #log: Log;

  constructor(options: AppOptions, log: Log) {
    super(options);
    this.#log = log;
  }

  /**
   * Passes a payload to the listeners. Logs the type of a payload that no listener handles.
   *
   * @throws {UnknownPayload} if it is not a payload of Slack. Nothing else is thrown
   */
  override async processEvent(event: ReceiverEvent): Promise<void> {
    const parsed = sentSchema.safeParse(event.body);
    if (!parsed.success) throw new UnknownPayload('not a payload of Slack');
    const { type, isEvent } = parsed.data;
    let isTaken = false;
    const ack: ReceiverEvent['ack'] = async (said) => {
      if (isTaken) return;
      isTaken = true;
      await event.ack(said);
    };
    if (!isEvent || HANDLED.has(type)) {
      try {
        await super.processEvent({ ...event, ack });
      } catch (error) {
        this.#log.warn({ error: errorName(error), type }, 'Slack request not understood');
      }
    }
    if (isTaken) return;
    logUnhandled(type, this.#log);
    await acknowledge(() => ack(type === 'block_suggestion' ? NO_CHOICES : undefined), this.#log);
  }
}

/**
 * Logs a payload that no listener handles.
 *
 * @param type Slack's name of the type
 */
export function logUnhandled(type: string, log: Log): void {
  if (type === 'app_rate_limited') log.warn({ type }, 'Slack events limited: too many in a minute');
  else log.info({ type }, 'ignored Slack payload: no listener for its type');
}
