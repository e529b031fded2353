import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import { isSecretName, hasSecretPart } from './secret-text.ts';
import { escaped, type Variables } from './variables.ts';

/** JSON, as it goes into creditwatch.yml. */
export type Json = z.infer<ReturnType<typeof z.json>>;

/** Larger or deeper bodies are not typed into a file. They become one variable. */
const MOST_CHARACTERS = 16_384;
const DEEPEST = 32;

/**
 * Returns the body that the source sends, with variables in place of secrets: JSON as values, a form as text. Anything else may be a
 * secret as a whole.
 */
export function bodyFor(sent: string, contentType: string, variables: Variables): Json {
  const whole = (): string => variables.whole(sent, 'body', { in: 'body' });
  if (sent.length > MOST_CHARACTERS) return whole();
  const json = /^\s*[{[]/.test(sent) ? parsedJson(sent) : undefined;
  if (json !== undefined) {
    const faithful = isFaithful(json, DEEPEST) ? z.json().safeParse(json) : null;
    return faithful?.success ? withVariables(faithful.data, [], variables) : whole();
  }
  if (!contentType.toLowerCase().startsWith('application/x-www-form-urlencoded') || sent.includes('\n')) return whole();
  return pairsFor(sent, variables, (name) => ({ in: 'form-field', name })) ?? whole();
}

/**
 * Returns the pairs of a query or a form as they were written, with variables in place of secrets. A variable has its value as it was
 * encoded there.
 *
 * @returns null if a name may be a secret
 */
export function pairsFor(
  text: string,
  variables: Variables,
  placeOf: (name: string) => { readonly in: 'parameter' | 'form-field'; readonly name: string },
): string | null {
  const pairs = text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? { raw: pair, value: null } : { raw: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  if (pairs.some(({ raw }) => hasSecretPart(plain(raw)))) return null;
  return pairs
    .map(({ raw, value }) => {
      if (value === null) return escaped(raw);
      const name = plain(raw);
      const isSecret = isSecretName(name) && value !== '';
      const place = placeOf(name);
      return `${escaped(raw)}=${isSecret ? variables.whole(value, name, place) : variables.literal(value, name, place)}`;
    })
    .join('&');
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Whether JSON keeps its meaning when it is written again, and no name in it may be a secret. */
function isFaithful(json: unknown, levels: number): boolean {
  if (typeof json === 'number') return Number.isSafeInteger(json) || !Number.isInteger(json);
  if (typeof json !== 'object' || json === null) return true;
  if (levels === 0) return false;
  return Object.entries(json).every(([name, value]) => name !== '__proto__' && !hasSecretPart(name) && isFaithful(value, levels - 1));
}

/** Identifies a stored query of GraphQL. It is the same for everyone. */
const QUERY_HASH = 'sha256Hash';

function withVariables(json: Json, path: readonly string[], variables: Variables): Json {
  if (typeof json === 'string' || typeof json === 'number') {
    // All that is below a telling name is a secret: `"password":{"current":"…"}`.
    const name = path.findLast(isSecretName) ?? path.findLast((part) => !/^\d+$/.test(part)) ?? '';
    const place = { in: 'body-field', path: path.join('.') } as const;
    const text = String(json);
    if (path.at(-1) === QUERY_HASH && /^[0-9a-f]{64}$/.test(text)) return json;
    const written = isSecretName(name) && text !== '' ? variables.whole(text, name, place) : variables.literal(text, name, place);
    // A variable is text: the number of an account stays a number only in the clear.
    return typeof json === 'number' && written === text ? json : written;
  }
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((value, index) => withVariables(value, [...path, String(index)], variables));
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, withVariables(value, [...path, name], variables)]));
}
