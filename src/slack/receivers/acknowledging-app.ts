import { App, type AppOptions, type ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import { errorName } from '../../core/error-name.ts';
import type { Log } from '../../ports/log.ts';
import { acknowledge } from '../listeners/context.ts';
import { botEvents } from '../listeners/uninstalled.ts';

/** What kind of thing Slack sent, as it calls it (docs.slack.dev/reference/interaction-payloads, docs.slack.dev/reference/events). */
const sentSchema = z.union([
  z.object({ event: z.object({ type: z.string() }) }).transform(({ event }) => ({ type: event.type, isEvent: true })),
  z.object({ command: z.string() }).transform(() => ({ type: 'command', isEvent: false })),
  z.object({ type: z.string() }).transform(({ type }) => ({ type, isEvent: false })),
]);

const HANDLED: ReadonlySet<string> = new Set(botEvents);
/** Slack wants a list for the choices of a menu, and shows an error without one (docs.slack.dev/reference/interaction-payloads/block_suggestion-payload). */
const NO_CHOICES = { options: [] };

/** What arrived is nothing that Slack sends. */
export class UnknownPayload extends Error {
  override readonly name = 'UnknownPayload';
}

/**
 * Bolt, which also acknowledges what no listener handles, shortcuts and types of the future among them. Bolt itself leaves it
 * unanswered: to Slack, an app that does not answer is one that does not work, and people see an error.
 */
export class AcknowledgingApp extends App {
  readonly #log: Log;

  constructor(options: AppOptions, log: Log) {
    super(options);
    this.#log = log;
  }

  /**
   * Hands what a receiver got to the listeners. The log names the type of what none of them handles.
   *
   * @throws {UnknownPayload} if it is nothing that Slack sends; nothing else is thrown
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
        this.#log.warn({ error: errorName(error), type }, 'a request from Slack could not be understood');
      }
    }
    if (isTaken) return;
    logUnhandled(type, this.#log);
    await acknowledge(() => ack(type === 'block_suggestion' ? NO_CHOICES : undefined), this.#log);
  }
}

/** @param type as Slack calls it */
export function logUnhandled(type: string, log: Log): void {
  if (type === 'app_rate_limited') log.warn({ type }, 'Slack holds events back: there were too many in a minute');
  else log.info({ type }, 'Slack sent something that nothing is done about');
}
