import { err, ok, type Result } from '../../core/result.ts';
import type { SignatureProblem } from './dkim.ts';
import { valuesOf, type Header, type RawHead } from './headers.ts';
import { isAligned, problemOf, signatureIn, tagsOf } from './signature.ts';

/** More than a server writes, which is one for each signature that it verifies. */
const MOST_RESULTS = 100;

/**
 * Reads what the receiving server found (RFC 8601). Only the topmost `Authentication-Results` count, and only of the named host:
 * a server adds its own above all that came with the mail, and what is below may be the sender's (section 5).
 *
 * The server says which signature is genuine, not what it covers. So the signature that it names has to hold to the same rules as one
 * that is verified here. If the result may be about several signatures, each of them has to, because one may be forged to cover more.
 *
 * @param at when the mail was received, for the beginning and the end of a signature
 */
export function checkResults(
  mail: RawHead,
  sender: string,
  { authserv, signedBy, at }: { readonly authserv: string; readonly signedBy: readonly string[]; readonly at: Date },
): Result<null, Exclude<SignatureProblem, 'away'> | 'other-host' | 'too-many-results'> {
  const [topmost] = valuesOf(mail, 'authentication-results');
  if (topmost === undefined) return err('unsigned');
  const parts = partsOf(topmost);
  if (parts === null) return err('bad-signature');
  const [host, ...results] = parts;
  const [name, version, ...more] = host?.words ?? [];
  if (name?.toLowerCase() !== authserv.toLowerCase() || (version !== undefined && version !== '1') || more.length > 0)
    return err('other-host');
  const dkim = results.filter(({ words: [method = ''] }) => /^dkim(?:\/1)?=/i.test(method));
  if (dkim.length > MOST_RESULTS) return err('too-many-results');
  const passed = dkim.filter(({ words: [method = ''], comments }) => /^dkim(?:\/1)?=pass$/i.test(method) && !/\btest/i.test(comments));
  if (passed.length === 0) return err(dkim.length === 0 ? 'unsigned' : 'bad-signature');
  const signatures = mail.headers.filter(({ name }) => name === 'dkim-signature').map((header) => named(header, mail, at));
  let worst: 'other-signer' | 'bad-signature' | 'part-signed' = 'other-signer';
  for (const { words } of passed) {
    const domain = (valueIn(words, 'header.d') ?? valueIn(words, 'header.i')?.split('@').at(-1))?.toLowerCase();
    if (domain === undefined || !isAligned(domain, sender, signedBy)) continue;
    const problem = problemOfNamed(signatures, words, domain);
    if (problem === null) return ok(null);
    worst = problem;
  }
  return err(worst);
}

type NamedSignature = {
  /** Whether it is one that a result names, by the properties that the result has. */
  readonly isNamedBy: (result: ResultNames, signer: string) => boolean;
  /** Why it does not count, even if it is genuine. */
  readonly problem: () => SignatureFault | null;
};
type SignatureFault = 'bad-signature' | 'part-signed';
type ResultNames = Readonly<Record<'d' | 'i' | 's' | 'b', string | undefined>>;

/** Reads a signature once, however many results there are. */
function named(header: Header, mail: RawHead, at: Date): NamedSignature {
  const tags = tagsOf(header.value);
  const lower = header.value.toLowerCase();
  const tag = (name: string) => (tags?.get(name) ?? '').replaceAll(/\s/g, '');
  const [domain, selector, bytes] = [tag('d').toLowerCase(), tag('s').toLowerCase(), tag('b')];
  const identity = (tag('i') === '' ? `@${domain}` : tag('i')).split('@').at(-1)?.toLowerCase();
  let problem: SignatureFault | null | undefined;
  return {
    isNamedBy: ({ d, i, s, b }, signer) =>
      tags === null
        ? lower.includes(signer)
        : (d === undefined || d.toLowerCase() === domain) &&
          (i === undefined || i.split('@').at(-1)?.toLowerCase() === identity) &&
          (s === undefined || s.toLowerCase() === selector) &&
          (b === undefined || bytes.startsWith(b)),
    problem() {
      if (problem !== undefined) return problem;
      const signature = signatureIn(header);
      return (problem = signature === null ? 'bad-signature' : problemOf(signature, mail, at));
    },
  };
}

/**
 * Why the signatures that a result may be about do not count; null if all of them do. A server names the domain or the identity, and mostly
 * the selector and the beginning (RFC 6008).
 */
function problemOfNamed(signatures: readonly NamedSignature[], words: readonly string[], signer: string): SignatureFault | null {
  const result = {
    d: valueIn(words, 'header.d'),
    i: valueIn(words, 'header.i'),
    s: valueIn(words, 'header.s'),
    b: valueIn(words, 'header.b'),
  };
  const about = signatures.filter((one) => one.isNamedBy(result, signer));
  if (about.length === 0) return 'bad-signature';
  return about.map((one) => one.problem()).find((problem) => problem !== null) ?? null;
}

function valueIn(words: readonly string[], property: string): string | undefined {
  const all = words.flatMap((word) => (word.toLowerCase().startsWith(`${property}=`) ? [word.slice(property.length + 1)] : []));
  // Twice in one result is no result.
  return all.length === 1 ? all[0] : undefined;
}

type Part = { readonly words: readonly string[]; readonly comments: string };

/** Splits the value at its semicolons, and each part into its words and its comments. Quotes hold words together. Null if one does not end. */
function partsOf(value: string): readonly Part[] | null {
  const parts: { words: string[]; comments: string }[] = [{ words: [], comments: '' }];
  let word = '';
  let depth = 0;
  let isQuoted = false;
  const endWord = () => {
    if (word !== '') parts.at(-1)?.words.push(word);
    word = '';
  };
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    const part = parts.at(-1);
    if (char === '\\' && (isQuoted || depth > 0)) {
      if (isQuoted) word += value.charAt(at + 1);
      at += 1;
    } else if (depth > 0) {
      depth += char === '(' ? 1 : char === ')' ? -1 : 0;
      if (part !== undefined) part.comments += char;
    } else if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) word += /[\s;=]/.test(char) ? '_' : char;
    else if (char === '(') depth += 1;
    else if (char === ';') {
      endWord();
      parts.push({ words: [], comments: '' });
    } else if (/\s/.test(char)) endWord();
    else word += char;
  }
  endWord();
  return depth > 0 || isQuoted ? null : parts.map(({ words, comments }) => ({ words: joinedAtEquals(words), comments }));
}

/** `dkim = pass` is `dkim=pass`. */
function joinedAtEquals(words: readonly string[]): readonly string[] {
  return words
    .join(' ')
    .replaceAll(/ ?= ?/g, '=')
    .split(' ')
    .filter((word) => word !== '');
}
