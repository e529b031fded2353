import type { App, ReceiverEvent } from '@slack/bolt';
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

/**
 * Hands something to Bolt and acknowledges what nothing is done about, shortcuts and types of the future among them: to Slack an app that
 * does not answer is one that does not work, and people see an error. The log names the type. Never throws.
 *
 * @returns false for what is nothing that Slack sends
 */
export async function take(app: App | undefined, event: ReceiverEvent, log: Log): Promise<boolean> {
  const parsed = sentSchema.safeParse(event.body);
  if (!parsed.success) return false;
  const { type, isEvent } = parsed.data;
  let isTaken = false;
  const ack: ReceiverEvent['ack'] = async (said) => {
    if (isTaken) return;
    isTaken = true;
    await event.ack(said);
  };
  if (!isEvent || HANDLED.has(type)) {
    try {
      await app?.processEvent({ ...event, ack });
    } catch (error) {
      log.warn({ error: errorName(error), type }, 'a request from Slack could not be understood');
    }
  }
  if (isTaken) return true;
  logUnhandled(type, log);
  await acknowledge(() => ack(type === 'block_suggestion' ? NO_CHOICES : undefined), log);
  return true;
}

/** @param type as Slack calls it */
export function logUnhandled(type: string, log: Log): void {
  if (type === 'app_rate_limited') log.warn({ type }, 'Slack holds events back: there were too many in a minute');
  else log.info({ type }, 'Slack sent something that nothing is done about');
}
