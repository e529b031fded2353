import type { Message } from '../core/text/message.ts';
import type { Form } from '../core/text/form.ts';
import { BROKEN, UNAVAILABLE } from '../messages/replies/errors.ts';
import { toRequester, type Invalid, type Reply } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import type { Log } from '../ports/log.ts';

/** Slack gives up on a command after 3 s, and people do too, so a first reply is sent earlier. */
const PATIENCE_MS = 2500;
/** After this, an answer is no longer expected. */
const LATEST_MS = 25_000;
const AGAIN_AFTER_MS = 500;

export type Audience = Extract<Reply, { kind: 'message' }>['to'];

/** Where a reply is sent. */
export type DeferredReply = {
  say(message: Message, to: Audience): Promise<void>;
  /** Shows a form; false if the platform does not allow one here or no longer does. */
  show(form: Form): Promise<boolean>;
};

type Saying = Pick<DeferredReply, 'say'>;

/** Null if the store is unavailable; then nothing was done. */
type Attempt<T> = Promise<T | null>;

export type DeferredReplies = {
  /** Answers in time, or after a message that the answer takes longer. */
  answer(ask: () => Promise<Reply>, channel: DeferredReply): Promise<void>;
  /** Returns the reply, in time or after a message that it takes longer; null if it took longer than anyone expects. */
  eventually<T extends Reply | Invalid>(ask: () => Promise<T>, channel: Saying): Promise<T | Reply | null>;
  /** Returns the reply while the platform still waits: null if the store is unavailable, `late` if it takes longer. */
  soon<T extends Reply | Invalid>(first: Attempt<T>): Promise<T | null | 'late'>;
  /** Posts that the reply takes longer, then returns it. */
  later<T extends Reply | Invalid>(first: Attempt<T>, ask: () => Attempt<T>, channel: Saying): Promise<T | null>;
  give(reply: Reply, channel: DeferredReply): Promise<void>;
  /** Never throws: an error is logged, and the requester gets a message. */
  attempt<T extends Reply | Invalid>(ask: () => Promise<T>): Attempt<T | Reply>;
};

/**
 * Creates replies that meet the platform's time limit. A requester who was told that the store is unavailable gets the answer when it
 * is back, unless that takes too long: a late answer would confuse more than it helps.
 *
 * @param stopping aborts when the adapter stops: an answer in progress is still sent, but not retried
 */
export function createDeferredReplies({
  clock,
  log,
  stopping,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
}): DeferredReplies {
  return { answer, eventually, soon, later, give, attempt };

  async function answer(ask: () => Promise<Reply>, channel: DeferredReply): Promise<void> {
    const reply = await eventually(ask, channel);
    if (reply !== null) await give(reply, channel);
  }

  async function eventually<T>(ask: () => Promise<T>, channel: Saying): Promise<T | Reply | null> {
    const first = attempt(ask);
    const reply = await soon(first);
    return reply === null || reply === 'late' ? later(first, () => attempt(ask), channel) : reply;
  }

  function soon<T>(first: Attempt<T>): Promise<T | null | 'late'> {
    return within(first, PATIENCE_MS);
  }

  async function later<T>(first: Attempt<T>, ask: () => Attempt<T>, channel: Saying): Promise<T | null> {
    await channel.say(UNAVAILABLE, 'requester');
    const tooLate = new AbortController();
    const answered = (async () => {
      let reply = await first;
      while (reply === null) {
        await clock.sleep(AGAIN_AFTER_MS, tooLate.signal, stopping);
        if (tooLate.signal.aborted || stopping.aborted) return null;
        reply = await ask();
      }
      return reply;
    })();
    const reply = await within(answered, LATEST_MS - PATIENCE_MS);
    tooLate.abort();
    return reply === 'late' ? null : reply;
  }

  async function give(reply: Reply, channel: DeferredReply): Promise<void> {
    if (reply.kind === 'done') return;
    if (reply.kind === 'message') return channel.say(reply.message, reply.to);
    if (!(await channel.show(reply.form))) await channel.say(reply.message, 'requester');
  }

  async function attempt<T>(ask: () => Promise<T>): Attempt<T | Reply> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof StoreUnavailable) return null;
      log.error({ error }, 'command failed');
      return toRequester(BROKEN);
    }
  }

  /** Returns the result of `promise`, or `late` if it takes longer than `ms`. */
  async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
    const done = new AbortController();
    const timeout = clock.sleep(ms, done.signal).then(() => 'late' as const);
    try {
      return await Promise.race([promise, timeout]);
    } finally {
      done.abort();
    }
  }
}
