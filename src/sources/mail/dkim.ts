import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { err, ok, type Result } from '../../core/result.ts';
import { isDomain } from '../../core/text/domain.ts';
import { isAligned, type Header, type RawMail } from './headers.ts';

/** Returns the TXT records of a name, each in one piece; an empty list if there are none. @throws if DNS does not answer */
export type ResolveTxt = (name: string) => Promise<readonly string[]>;

/** `away`: DNS does not answer, so it is tried again. */
export type SignatureProblem = 'unsigned' | 'bad-signature' | 'other-signer' | 'part-signed' | 'away';

/** More signatures than a mail of a vendor has. */
const MOST_SIGNATURES = 5;
const LEAST_RSA_BITS = 1024;
/** Headers that the signature has to cover, because figures or their date come from them. */
const COVERED = ['from', 'date', 'subject'];

type Signature = {
  readonly header: Header;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly domain: string;
  readonly selector: string;
  readonly identity: string;
  readonly headers: readonly string[];
  readonly bodyHash: string;
  readonly signature: string;
  readonly canonical: { readonly header: string; readonly body: string };
};

/**
 * Verifies that a mail is signed by the domain of its sender (RFC 6376, RFC 8463). Stricter than the RFC: a signature has to cover the
 * sender, date and subject and the whole body, and SHA-1 and keys in test mode do not count. Of several signatures, one that fits is enough.
 *
 * @param at when the mail was received, for the end of a signature
 */
export async function verifySignature(
  mail: RawMail,
  sender: string,
  { signedBy, at, resolveTxt }: { readonly signedBy: readonly string[]; readonly at: Date; readonly resolveTxt: ResolveTxt },
): Promise<Result<null, SignatureProblem>> {
  const signatures = mail.headers.filter(({ name }) => name === 'dkim-signature').slice(0, MOST_SIGNATURES);
  if (signatures.length === 0) return err('unsigned');
  let worst: SignatureProblem = 'other-signer';
  for (const header of signatures) {
    const problem = await problemOf(header);
    if (problem === null) return ok(null);
    if (problem !== 'other-signer' && worst !== 'away') worst = problem;
  }
  return err(worst);

  async function problemOf(header: Header): Promise<SignatureProblem | null> {
    const tags = tagsOf(header.value);
    const domain = tags?.get('d')?.toLowerCase() ?? '';
    if (tags === null || !isDomain(domain)) return 'bad-signature';
    if (!isAligned(domain, sender, signedBy)) return 'other-signer';
    const expires = tags.get('x');
    if (expires !== undefined && !(Number(expires) * 1000 > at.getTime())) return 'bad-signature';
    if (tags.has('l')) return 'part-signed';
    const read = signatureOf(header, tags, domain);
    if (read === null) return 'bad-signature';
    if (COVERED.some((name) => !read.headers.includes(name))) return 'part-signed';
    if (hashOf(canonicalBody(mail.body, read.canonical.body)).toString('base64') !== read.bodyHash) return 'bad-signature';
    let records: readonly string[];
    try {
      records = await resolveTxt(`${read.selector}._domainkey.${domain}`);
    } catch {
      return 'away';
    }
    return records.some((record) => isSignedWith(record, read, mail)) ? null : 'bad-signature';
  }
}

function tagsOf(value: string): ReadonlyMap<string, string> | null {
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

function signatureOf(header: Header, tags: ReadonlyMap<string, string>, domain: string): Signature | null {
  const get = (name: string) => (tags.get(name) ?? '').replaceAll(/\s/g, '');
  const [headerForm = 'simple', bodyForm = 'simple'] = get('c') === '' ? [] : get('c').split('/');
  const identity = (get('i') === '' ? `@${domain}` : get('i')).split('@').at(-1)?.toLowerCase() ?? '';
  const algorithm = get('a');
  const isKnown = algorithm === 'rsa-sha256' || algorithm === 'ed25519-sha256';
  const areForms = [headerForm, bodyForm].every((form) => form === 'simple' || form === 'relaxed');
  if (!isKnown || !areForms || get('v') !== '1' || !/^[A-Za-z0-9._-]{1,100}$/.test(get('s'))) return null;
  if (identity !== domain && !identity.endsWith(`.${domain}`)) return null;
  if (get('q') !== '' && get('q') !== 'dns/txt') return null;
  const headers = get('h').toLowerCase().split(':');
  return {
    header,
    algorithm,
    domain,
    selector: get('s'),
    identity,
    headers,
    bodyHash: get('bh'),
    signature: get('b'),
    canonical: { header: headerForm, body: bodyForm },
  };
}

function isSignedWith(record: string, one: Signature, mail: RawMail): boolean {
  const tags = tagsOf(record);
  if (tags === null) return false;
  const flags = (tags.get('t') ?? '').split(':').map((flag) => flag.trim());
  if ((tags.get('v') ?? 'DKIM1') !== 'DKIM1' || flags.includes('y') || (flags.includes('s') && one.identity !== one.domain)) return false;
  if (tags.has('h') && !(tags.get('h') ?? '').split(':').some((hash) => hash.trim() === 'sha256')) return false;
  const kind = tags.get('k') ?? 'rsa';
  const key = publicKeyOf(kind, (tags.get('p') ?? '').replaceAll(/\s/g, ''));
  if (key === null || !one.algorithm.startsWith(kind)) return false;
  const signed = hashedText(one, mail);
  const signature = Buffer.from(one.signature, 'base64');
  try {
    return kind === 'rsa' ? verify('sha256', Buffer.from(signed, 'latin1'), key, signature) : verify(null, hashOf(signed), key, signature);
  } catch {
    return false;
  }
}

/** Returns null for a revoked, short or unknown key. */
function publicKeyOf(kind: string, base64: string): KeyObject | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0) return null;
  if (kind === 'ed25519')
    return bytes.length === 32
      ? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' })
      : null;
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const key = createPublicKey({ key: bytes, format: 'der', type });
      if (key.asymmetricKeyType !== 'rsa') return null;
      return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS ? key : null;
    } catch {
      // The other form is tried.
    }
  }
  return null;
}

/** Each name takes the next header of that name from the bottom; a name without a header stands for its absence. */
function hashedText({ headers: names, header, canonical }: Signature, { headers }: RawMail): string {
  const left = headers.filter((one) => one !== header);
  const taken = names.map((name) => {
    const at = left.findLastIndex((one) => one.name === name);
    const [one] = at < 0 ? [] : left.splice(at, 1);
    return one === undefined ? '' : `${canonicalHeader(one.raw, canonical.header)}\r\n`;
  });
  // The signature itself counts as empty, with its tag.
  const own = { raw: header.raw.replace(/((?:^|[;:])[ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1') };
  return taken.join('') + canonicalHeader(own.raw, canonical.header);
}

function canonicalHeader(raw: string, form: string): string {
  if (form === 'simple') return raw;
  const at = raw.indexOf(':');
  const value = raw
    .slice(at + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
  return `${raw.slice(0, at).trim().toLowerCase()}:${value}`;
}

function canonicalBody(body: string, form: string): string {
  const lines = body.split('\r\n');
  const plain = form === 'relaxed' ? lines.map((line) => trimmedEnd(line.replaceAll(/[ \t]+/g, ' '))) : lines;
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '') end -= 1;
  if (end === 0) return form === 'relaxed' ? '' : '\r\n';
  return `${plain.slice(0, end).join('\r\n')}\r\n`;
}

function trimmedEnd(line: string): string {
  return line.endsWith(' ') ? line.slice(0, -1) : line;
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(Buffer.from(text, 'latin1')).digest();
}
