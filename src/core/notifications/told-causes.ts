import { z } from 'zod';
import { storedDate } from '../json-codecs.ts';
import { causeKey, causeSchema, type DriftCause } from '../meters/drift-cause.ts';

/** `ended`: since when the answer fits again, or the meter is no longer polled. */
export const toldCauseSchema = z.object({
  cause: causeSchema,
  ended: z.object({ at: storedDate, why: z.enum(['fits', 'removed']) }).nullable(),
});
export type ToldCause = z.infer<typeof toldCauseSchema>;

/** What one message to operations told of a source. */
const toldMessageSchema = z.object({ threadId: z.string(), causes: z.array(toldCauseSchema) });
export type ToldMessage = z.infer<typeof toldMessageSchema>;

/** The messages of a source whose causes have not all ended. */
export const toldMessagesSchema = z.array(toldMessageSchema);

type Topic = 'refused' | 'answer' | 'frozen';

/** Causes with one remedy share a message. */
export function topicOf({ kind }: DriftCause): Topic {
  return kind === 'refused' || kind === 'frozen' ? kind : 'answer';
}

/**
 * Decides what to tell operations of the causes of a source: each once until it ends, and its end by an edit of the message.
 *
 * @param causes all that hold now
 * @param how.isDue whether a cause is worth telling
 * @param how.isPolled whether a meter is still polled
 * @returns the messages to post and to edit, and what is remembered
 */
export function tellCauses(
  told: readonly ToldMessage[],
  causes: readonly DriftCause[],
  {
    at,
    isDue,
    isPolled,
    newId,
  }: {
    readonly at: Date;
    readonly isDue: (cause: DriftCause) => boolean;
    readonly isPolled: (meter: string) => boolean;
    readonly newId: () => string;
  },
): { readonly posts: readonly ToldMessage[]; readonly edits: readonly ToldMessage[]; readonly told: readonly ToldMessage[] } {
  const open = new Set(causes.map(causeKey));
  const updated = told.map((message) => ({ ...message, causes: message.causes.map(ended) }));
  const edits = updated.filter(({ causes: after }, index) => after.some(({ ended: now }, nth) => now !== told[index]?.causes[nth]?.ended));
  const known = new Set(updated.flatMap((message) => message.causes.flatMap((one) => (one.ended === null ? [causeKey(one.cause)] : []))));
  const fresh = causes.filter((cause) => isDue(cause) && !known.has(causeKey(cause)));
  const topics = [...new Set(fresh.map(topicOf))];
  const posts = topics.map((topic) => ({
    threadId: newId(),
    causes: fresh.filter((cause) => topicOf(cause) === topic).map((cause) => ({ cause, ended: null })),
  }));
  return { posts, edits, told: [...updated.filter((message) => message.causes.some((one) => one.ended === null)), ...posts] };

  function ended(one: ToldCause): ToldCause {
    const { cause } = one;
    if (one.ended !== null || open.has(causeKey(cause))) return one;
    return { cause, ended: { at, why: 'meter' in cause && !isPolled(cause.meter) ? 'removed' : 'fits' } };
  }
}
