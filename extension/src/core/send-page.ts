import { sentAddress } from './address.ts';
import { parseAnswer, type Outcome } from './answer.ts';
import type { Draft } from './stored.ts';
import type { Vendor } from './vendor.ts';

/** Where pages are sent. */
export function destinationOf({ address }: Pick<Vendor, 'address'>): string {
  return `${address}/v1/pages`;
}

/** All that is sent, beside the key. */
export function sentBody({ source }: Pick<Vendor, 'source'>, { text, page, capturedAt }: Draft) {
  return { source, text, url: sentAddress(page), capturedAt: new Date(capturedAt).toISOString() };
}

/** For the whole answer, also one that never ends. */
const LONGEST_WAIT_MS = 25_000;
/** An answer of Creditwatch is much shorter. */
const MOST_ANSWER_BYTES = 1_000_000;

/** Sends the text of a page to Creditwatch, and returns what became of it. */
export async function sendPage(vendor: Vendor, draft: Draft, { waitMs = LONGEST_WAIT_MS } = {}): Promise<Outcome> {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${vendor.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(sentBody(vendor, draft)),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    // A key must not follow a redirect to another host.
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(waitMs),
  } as const;
  try {
    const response = await fetch(destinationOf(vendor), request);
    const body = await textOf(response);
    return body === null
      ? { kind: 'unexpected', status: response.status }
      : parseAnswer(response.status, body, response.headers.get('retry-after'));
  } catch {
    // Every failure of fetch means that no answer came.
    return { kind: 'offline' };
  }
}

/** Reads an answer. Of one that is too long it reads no more than the limit, ends the connection, and returns null. */
async function textOf({ body }: Response): Promise<string | null> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_ANSWER_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
