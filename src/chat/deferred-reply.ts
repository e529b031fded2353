import type { Message } from '../core/text/message.ts';
import type { Form } from '../core/text/form.ts';
import { BROKEN, UNAVAILABLE } from '../messages/replies/errors.ts';
import { toRequester, type Invalid, type Reply } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import { StoreUnavailable } from '../ports/inbound/ingest.ts';
import type { Log } from '../ports/log.ts';

/** Whoever asks hears something within three seconds: then Slack itself gives up on a command, and people do. */
const PATIENCE_MS = 2500;
/** Later than this, an answer is no longer expected. */
const LATEST_MS = 25_000;
const AGAIN_AFTER_MS = 500;

export type Audience = Extract<Reply, { kind: 'message' }>['to'];

/** Where an answer goes. */
export type DeferredReply = {
  say(message: Message, to: Audience): Promise<void>;
  /** Shows a form, as long as the platform allows one; false when it does not (any more). */
  show(form: Form): Promise<boolean>;
};

type Saying = Pick<DeferredReply, 'say'>;

/** Null: the store does not answer, so nothing was done. */
type Attempt<T> = Promise<T | null>;

export type DeferredReplies = {
  /** Answers whatever was asked: soon, or after saying that it takes longer. */
  answer(ask: () => Promise<Reply>, channel: DeferredReply): Promise<void>;
  /** What comes of it, soon or after saying that it takes longer; null when it took too long for anybody to expect it. */
  eventually<T extends Reply | Invalid>(ask: () => Promise<T>, channel: Saying): Promise<T | Reply | null>;
  /** What comes of it while the platform still waits: null when the store is away, `late` when it takes longer. */
  soon<T extends Reply | Invalid>(first: Attempt<T>): Promise<T | null | 'late'>;
  /** Says that it takes longer, and gives what comes of it in the end. */
  later<T extends Reply | Invalid>(first: Attempt<T>, ask: () => Attempt<T>, channel: Saying): Promise<T | null>;
  give(reply: Reply, channel: DeferredReply): Promise<void>;
  /** Never throws: what breaks is in the log, and whoever asked is told so. */
  attempt<T extends Reply | Invalid>(ask: () => Promise<T>): Attempt<T | Reply>;
};

/**
 * How long people wait here. Whoever was told that figures are missing gets them when they are back, unless that takes too
 * long: then the surprise would be greater than the use.
 *
 * @param stopping aborted when the adapter stops: an answer under way is still given, but none is tried again
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
    const over = AbortSignal.any([tooLate.signal, stopping]);
    const answered = (async () => {
      let reply = await first;
      while (reply === null) {
        await clock.sleep(AGAIN_AFTER_MS, over);
        if (over.aborted) return null;
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
      log.error({ error }, 'a command failed');
      return toRequester(BROKEN);
    }
  }

  /** What `promise` comes to, or `late` when that takes longer. */
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
