import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { err, ok, type Result } from '../../core/result.ts';
import { canonicalBody, canonicalHeader } from './canonical.ts';
import type { Header, RawHead } from './headers.ts';
import { isAligned, keyNameOf, problemOf, signatureIn, tagsOf, type CanonicalForm, type Signature } from './signature.ts';

/** Returns the TXT records of a name, each in one piece; an empty list if there are none or cannot be any. @throws if DNS does not answer */
export type ResolveTxt = (name: string) => Promise<readonly string[]>;

/** `away`: DNS does not answer, so it is tried again. */
export type SignatureProblem = 'unsigned' | 'bad-signature' | 'other-signer' | 'part-signed' | 'away';

/** More signatures than a mail of a vendor has of its own domains. Each may cost a look-up. */
const MOST_SIGNATURES = 5;
/** More keys than there are under one name. */
const MOST_KEYS = 5;
const LEAST_RSA_BITS = 1024;
const MOST_RSA_BITS = 8192;

/**
 * Verifies that a mail is signed by the domain of its sender (RFC 6376, RFC 8463). Stricter than the RFC: a signature has to cover what
 * decides what the mail says, and SHA-1 and keys in test mode do not count. Of several signatures, one that fits is enough.
 *
 * @param body null if only the head is there yet: then a signature fits if it is one of this head. It also covers a hash of the body, so no
 *   one can put a head in front of another body unnoticed.
 * @param at when the mail was received, for the beginning and the end of a signature
 */
export async function verifySignature(
  mail: RawHead,
  body: string | null,
  sender: string,
  { signedBy, at, resolveTxt }: { readonly signedBy: readonly string[]; readonly at: Date; readonly resolveTxt: ResolveTxt },
): Promise<Result<null, SignatureProblem>> {
  const written = mail.headers.filter(({ name }) => name === 'dkim-signature');
  if (written.length === 0) return err('unsigned');
  const read = written.map(signatureIn);
  // Signatures of others are put on top of a mail by anyone, so they take no place from those of the sender.
  const own = read.flatMap((one) => (one !== null && isAligned(one.domain, sender, signedBy) ? [one] : [])).slice(0, MOST_SIGNATURES);
  let worst: SignatureProblem = read.includes(null) ? 'bad-signature' : 'other-signer';
  const bodyHashes = new Map<CanonicalForm, string>();
  for (const one of own) {
    const problem = await unverified(one);
    if (problem === null) return ok(null);
    if (worst !== 'away') worst = problem;
  }
  return err(worst);

  async function unverified(one: Signature): Promise<SignatureProblem | null> {
    const problem = problemOf(one, mail, at);
    if (problem !== null) return problem;
    if (body !== null && bodyHash(body, one.canonical.body) !== one.bodyHash) return 'bad-signature';
    let records: readonly string[];
    try {
      records = await resolveTxt(keyNameOf(one));
    } catch {
      return 'away';
    }
    return records.slice(0, MOST_KEYS).some((record) => isSignedWith(record, one, mail)) ? null : 'bad-signature';
  }

  function bodyHash(text: string, form: CanonicalForm): string {
    const hash = bodyHashes.get(form) ?? hashOf(canonicalBody(text, form)).toString('base64');
    bodyHashes.set(form, hash);
    return hash;
  }
}

function isSignedWith(record: string, one: Signature, mail: RawHead): boolean {
  const tags = tagsOf(record);
  if (tags === null) return false;
  const flags = (tags.get('t') ?? '').split(':').map((flag) => flag.trim());
  if ((tags.get('v') ?? 'DKIM1') !== 'DKIM1' || flags.includes('y') || (flags.includes('s') && one.identity !== one.domain)) return false;
  if (tags.has('h') && !(tags.get('h') ?? '').split(':').some((hash) => hash.trim() === 'sha256')) return false;
  const kind = tags.get('k') ?? 'rsa';
  const key = publicKeyOf(kind, (tags.get('p') ?? '').replaceAll(/\s/g, ''));
  if (key === null || !one.algorithm.startsWith(`${kind}-`)) return false;
  const signed = hashedText(one, mail);
  const signature = Buffer.from(one.signature, 'base64');
  try {
    return kind === 'rsa' ? verify('sha256', Buffer.from(signed, 'latin1'), key, signature) : verify(null, hashOf(signed), key, signature);
  } catch {
    return false;
  }
}

/** Returns null for a revoked, short, huge or unknown key. */
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
      const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
      return bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS ? key : null;
    } catch {
      // The other form is tried.
    }
  }
  return null;
}

/**
 * Each name takes the next header of that name from the bottom; a name without a header stands for its absence. Takes time linear in the
 * headers and the names.
 */
function hashedText({ headers: names, header, canonical }: Signature, { headers }: RawHead): string {
  const left = new Map<string, Header[]>();
  for (const one of headers) {
    if (one === header) continue;
    const sameName = left.get(one.name);
    if (sameName === undefined) left.set(one.name, [one]);
    else sameName.push(one);
  }
  const taken = names.map((name) => {
    const one = left.get(name)?.pop();
    return one === undefined ? '' : `${canonicalHeader(one.raw, canonical.header)}\r\n`;
  });
  // The signature itself counts as empty, with its tag.
  const own = { raw: header.raw.replace(/((?:^|[;:])[ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1') };
  return taken.join('') + canonicalHeader(own.raw, canonical.header);
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(Buffer.from(text, 'latin1')).digest();
}
