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

const LONGEST_WAIT_MS = 25_000;
/** An answer of Creditwatch is much shorter. */
const LONGEST_ANSWER = 1_000_000;

/** Sends the text of a page to Creditwatch, and returns what became of it. */
export async function sendPage(vendor: Vendor, draft: Draft): Promise<Outcome> {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${vendor.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(sentBody(vendor, draft)),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    // A key must not follow a redirect to another host.
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  } as const;
  try {
    const response = await fetch(destinationOf(vendor), request);
    const body = await response.text();
    return parseAnswer(response.status, body.slice(0, LONGEST_ANSWER), response.headers.get('retry-after'));
  } catch {
    // Every failure of fetch means that no answer came.
    return { kind: 'offline' };
  }
}
