import { z } from 'zod';
import type { SendOutcome } from '../../../src/core/notifications/delivery.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';
import { request, RequestFailed } from '../../../src/outbound/http-client.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Messenger } from '../../../src/ports/outbound/messenger.ts';

export const PAGER = {
  id: 'pager',
  paceMs: 500,
  can: { edit: false, reply: false, find: true },
} as const;

const takenSchema = z.object({ page: z.string() });
const WITHIN_MS = 5000;

export function createPagerMessenger({
  base,
  token,
  clock,
}: {
  readonly base: string;
  readonly token: string;
  readonly clock: Clock;
}): Messenger {
  const call = (method: string, path: string, body?: string, mayWrite?: () => boolean) =>
    request(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      withinMs: WITHIN_MS,
      mayWrite,
      ...(body && { body }),
    });
  return {
    kind: PAGER.id,
    paceMs: PAGER.paceMs,
    can: PAGER.can,
    async send({ address, deliveryId, message, possibleDuplicate, mayWrite }) {
      const text = plainMessage(message, { timeZone: 'UTC', now: clock.now() });
      const body = JSON.stringify({ id: deliveryId, text: possibleDuplicate ? `${text}\nThis may be a repeat.` : text });
      try {
        const { status, headers, text: answer } = await call('POST', `/pages/${encodeURIComponent(address)}`, body, mayWrite);
        return outcomeOf(status, headers.get('retry-after'), answer);
      } catch (error) {
        const written = !(error instanceof RequestFailed) || error.written;
        return { outcome: written ? 'unknown' : 'retry', reason: 'The pager gave no answer' };
      }
    },
    async find({ address, deliveryId }) {
      try {
        const { status, text } = await call('GET', `/pages/${encodeURIComponent(address)}/${deliveryId}`);
        if (status === 404) return { found: 'no', reason: 'The pager has no such page' };
        const taken = status === 200 ? takenSchema.safeParse(parsed(text)) : null;
        if (taken?.success) return { found: 'yes', messageRef: taken.data.page };
      } catch {
        // No answer either.
      }
      return { found: 'no-answer', reason: 'The pager gave no answer' };
    },
  };
}

function outcomeOf(status: number, retryAfter: string | undefined, text: string): SendOutcome {
  const reason = `The pager answered ${String(status)}`;
  const remedy = 'Look into the manual of the pager.';
  if (status === 429) return { outcome: 'retry', reason, ...(retryAfter !== undefined && { afterMs: Number(retryAfter) * 1000 }) };
  if (status === 503) return { outcome: 'retry', reason };
  if (status === 404) return { outcome: 'rejected', scope: 'destination', code: String(status), reason, remedy };
  if (status === 401) return { outcome: 'rejected', scope: 'installation', code: String(status), reason, remedy };
  if (status === 400) return { outcome: 'rejected', scope: 'message', code: String(status), reason, remedy };
  const taken = takenSchema.safeParse(parsed(text));
  return taken.success ? { outcome: 'sent', messageRef: taken.data.page } : { outcome: 'unknown', reason };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
