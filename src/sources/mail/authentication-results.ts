import { err, ok, type Result } from '../../core/result.ts';
import { isAligned, valuesOf, type RawMail } from './headers.ts';
import type { SignatureProblem } from './dkim.ts';

/**
 * Reads what the receiving server found (RFC 8601). Only the topmost `Authentication-Results` count, and only of the named host:
 * a server adds its own above all that came with the mail, and what stands below may be the sender's (section 5).
 */
export function checkResults(
  mail: RawMail,
  sender: string,
  { authserv, signedBy }: { readonly authserv: string; readonly signedBy: readonly string[] },
): Result<null, Exclude<SignatureProblem, 'away'> | 'other-host'> {
  const [topmost] = valuesOf(mail, 'authentication-results');
  if (topmost === undefined) return err('unsigned');
  const parts = partsOf(topmost);
  if (parts === null) return err('bad-signature');
  const [host = [], ...results] = parts;
  if (host[0]?.toLowerCase() !== authserv.toLowerCase() || (host[1] !== undefined && host[1] !== '1') || host.length > 2)
    return err('other-host');
  const dkim = results.filter(([method = '']) => /^dkim(?:\/1)?=/i.test(method));
  const passed = dkim.filter(([method = '']) => /=pass$/i.test(method));
  if (passed.length === 0) return err(dkim.length === 0 ? 'unsigned' : 'bad-signature');
  const isOfSender = passed.some((words) => {
    const domain = valueIn(words, 'header.d') ?? valueIn(words, 'header.i')?.split('@').at(-1);
    return domain !== undefined && isAligned(domain.toLowerCase(), sender, signedBy);
  });
  return isOfSender ? ok(null) : err('other-signer');
}

function valueIn(words: readonly string[], property: string): string | undefined {
  const all = words.flatMap((word) => (word.toLowerCase().startsWith(`${property}=`) ? [word.slice(property.length + 1)] : []));
  // Twice in one result is no result.
  return all.length === 1 ? all[0] : undefined;
}

/** Splits the value at its semicolons, and each part into words. Comments are left out, and quotes hold words together. Null if one does not end. */
function partsOf(value: string): readonly (readonly string[])[] | null {
  const parts: string[][] = [[]];
  let word = '';
  let depth = 0;
  let isQuoted = false;
  const endWord = () => {
    if (word !== '') parts.at(-1)?.push(word);
    word = '';
  };
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    if (char === '\\' && (isQuoted || depth > 0)) {
      if (isQuoted) word += value.charAt(at + 1);
      at += 1;
    } else if (depth > 0) depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    else if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) word += /[\s;=]/.test(char) ? '_' : char;
    else if (char === '(') depth += 1;
    else if (char === ';') {
      endWord();
      parts.push([]);
    } else if (/\s/.test(char)) endWord();
    else word += char;
  }
  endWord();
  return depth > 0 || isQuoted ? null : parts.map((words) => joinedAtEquals(words));
}

/** `dkim = pass` is `dkim=pass`. */
function joinedAtEquals(words: readonly string[]): readonly string[] {
  return words
    .join(' ')
    .replaceAll(/ ?= ?/g, '=')
    .split(' ')
    .filter((word) => word !== '');
}
