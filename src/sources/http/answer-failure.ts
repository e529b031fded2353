import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import type { PollDefinition } from '../../core/meters/poll.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import type { Answer } from './fetch.ts';

/** Why the status of an answer says that it has no figures; null if it may have. */
export function statusFailure(
  { status, headers, text }: Answer,
  { acceptStatus }: Pick<PollDefinition, 'acceptStatus'>,
  at: Date,
): Extract<PollFailure, { kind: 'status' }> | null {
  if ((status >= 200 && status <= 299) || acceptStatus.includes(status)) return null;
  return { kind: 'status', status, inaccessible: saysInaccessible(text), retryAfterMs: retryAfterMs(headers['retry-after'], at) };
}

/** Whether an answer is a web page, whatever its header says. */
export function isHtml({ headers, text }: Answer): boolean {
  return (headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html|head|body)\b/i.test(text);
}

/** A larger answer is not empty. */
const LARGEST_EMPTY = 64 * 1024;
const grouped = z.record(z.string(), z.unknown());

/** Returns what is empty in the text of an answer: all of it, or a list that it consists of; null if nothing is. */
export function emptinessOf(text: string): Extract<PollFailure, { kind: 'empty' }> | null {
  if (text.length > LARGEST_EMPTY) return null;
  if (text.trim() === '') return { kind: 'empty', what: 'body' };
  const json = parsedJson(text);
  if (json === null) return { kind: 'empty', what: 'answer' };
  if (isEmptyList(json)) return { kind: 'empty', what: { list: null } };
  const group = grouped.safeParse(json);
  if (!group.success) return null;
  const entries = Object.entries(group.data);
  if (entries.length === 0) return { kind: 'empty', what: 'answer' };
  const [empty] = entries.find(([name, value]) => isEmptyList(value) && /^[\w-]{1,40}$/.test(name)) ?? [];
  const hasOthers = entries.some(([, value]) => typeof value === 'object' && value !== null && !isEmptyList(value));
  return empty === undefined || hasOthers ? null : { kind: 'empty', what: { list: empty } };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const inaccessibleSchema = z.object({ error_code: z.literal('API_INACCESSIBLE') });

/** Apollo's code for a key of the wrong kind. */
function saysInaccessible(text: string): boolean {
  return inaccessibleSchema.safeParse(parsedJson(text)).success;
}

/** Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function retryAfterMs(header: string | undefined, at: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - at.getTime());
}
