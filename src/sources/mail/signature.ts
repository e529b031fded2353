import { isDomain } from '../../core/text/domain.ts';
import type { Header, RawHead } from './headers.ts';

/** A `DKIM-Signature` header whose form is right (RFC 6376, section 3.5). */
export type Signature = {
  readonly header: Header;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly domain: string;
  readonly selector: string;
  /** The domain of the identity: that of the signature or a subdomain. */
  readonly identity: string;
  /** The names of the covered headers, in lower case. */
  readonly headers: readonly string[];
  readonly bodyHash: string;
  readonly signature: string;
  readonly canonical: { readonly header: CanonicalForm; readonly body: CanonicalForm };
  /** Covers the beginning of the body only. */
  readonly isOfPart: boolean;
  readonly signedAt: Date | null;
  readonly expiresAt: Date | null;
};
export type CanonicalForm = 'simple' | 'relaxed';

/** What figures, their date or to whom they belong come from. */
const COVERED = ['from', 'date', 'subject'];
/** What decides, if it is there, who received the mail and how its text is read. Whoever sends it on could add or change the rest. */
const COVERED_IF_THERE = ['to', 'cc', 'mime-version', 'content-type', 'content-transfer-encoding'];
/** Of a name in DNS. */
const MOST_NAME = 253;
/** By how much the clock of a sender may be ahead. */
const CLOCK_AHEAD_MS = 60 * 60_000;

/** Reads the tags of a signature or of its key; null if a tag is there twice or has no name. */
export function tagsOf(value: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of value.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (part.trim() === '') continue;
    if (at < 1 || !/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || tags.has(name)) return null;
    tags.set(name, part.slice(at + 1).trim());
  }
  return tags;
}

/** Reads a `DKIM-Signature` header; null if it is not of the form and of the algorithms that count here. */
export function signatureIn(header: Header): Signature | null {
  const tags = tagsOf(header.value);
  if (tags === null) return null;
  const get = (name: string) => (tags.get(name) ?? '').replaceAll(/\s/g, '');
  const domain = get('d').toLowerCase();
  const [headerForm = 'simple', bodyForm = 'simple', ...more] = get('c') === '' ? [] : get('c').split('/');
  const identity = (get('i') === '' ? `@${domain}` : get('i')).split('@').at(-1)?.toLowerCase() ?? '';
  const algorithm = get('a');
  if (algorithm !== 'rsa-sha256' && algorithm !== 'ed25519-sha256') return null;
  if (!isForm(headerForm) || !isForm(bodyForm) || more.length > 0) return null;
  if (!isDomain(domain) || get('v') !== '1' || !isSelector(get('s'), domain)) return null;
  if (identity !== domain && !identity.endsWith(`.${domain}`)) return null;
  if (get('q') !== '' && get('q') !== 'dns/txt') return null;
  const [signedAt, expiresAt] = [instantIn(tags.get('t')), instantIn(tags.get('x'))];
  if (signedAt === undefined || expiresAt === undefined) return null;
  return {
    header,
    algorithm,
    domain,
    selector: get('s'),
    identity,
    headers: get('h').toLowerCase().split(':'),
    bodyHash: get('bh'),
    signature: get('b'),
    canonical: { header: headerForm, body: bodyForm },
    isOfPart: tags.has('l'),
    signedAt,
    expiresAt,
  };
}

/** Whether the key of a selector has a name that DNS can look up: labels of 1 to 63 characters, and at most 253 in all. */
function isSelector(text: string, domain: string): boolean {
  return /^(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}$/.test(text) && keyNameOf({ selector: text, domain }).length <= MOST_NAME;
}

/** The name in DNS that has the key of a signature (RFC 6376, section 3.6.2.1). */
export function keyNameOf({ selector, domain }: Pick<Signature, 'selector' | 'domain'>): string {
  return `${selector}._domainkey.${domain}`;
}

function isForm(text: string): text is CanonicalForm {
  return text === 'simple' || text === 'relaxed';
}

/** Seconds since 1970; undefined if they cannot be read. */
function instantIn(written: string | undefined): Date | null | undefined {
  if (written === undefined) return null;
  return /^\d{1,12}$/.test(written) ? new Date(Number(written) * 1000) : undefined;
}

/**
 * Why a signature does not count, even if it is genuine; null if it does. It has to be valid when the mail arrived, and to cover the whole
 * body and each header that decides what the mail says. Those headers are in the mail once at most, so that a covered name covers the one that is read.
 */
export function problemOf(
  { headers, isOfPart, signedAt, expiresAt }: Signature,
  mail: RawHead,
  at: Date,
): 'bad-signature' | 'part-signed' | null {
  if (expiresAt !== null && (expiresAt <= at || (signedAt !== null && expiresAt <= signedAt))) return 'bad-signature';
  if (signedAt !== null && signedAt.getTime() > at.getTime() + CLOCK_AHEAD_MS) return 'bad-signature';
  const there = COVERED_IF_THERE.filter((name) => mail.headers.some((one) => one.name === name));
  return isOfPart || [...COVERED, ...there].some((name) => !headers.includes(name)) ? 'part-signed' : null;
}

/** Whether the domain of a signature speaks for a sender: it is the sender's, a parent of it, or a named subdomain. */
export function isAligned(signer: string, sender: string, signedBy: readonly string[]): boolean {
  if (!isDomain(signer)) return false;
  if (sender === signer || sender.endsWith(`.${signer}`)) return true;
  return signer.endsWith(`.${sender}`) && signedBy.includes(signer);
}
