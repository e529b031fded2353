import { replaceSecretParts, nameParts, isAddress } from './secret-text.ts';

/** Where a value was in the request. `path`: its name, or the names that lead to it. */
export type Place =
  | { readonly in: 'header'; readonly name: string; readonly scheme: string | null }
  | { readonly in: 'cookies' | 'host' | 'body' | 'query' }
  | { readonly in: 'path'; readonly after: string | null }
  | { readonly in: 'parameter' | 'form-field'; readonly name: string }
  | { readonly in: 'body-field'; readonly path: string };

/** A value that creditwatch.yml takes from the environment. */
export type Variable = {
  readonly name: string;
  /** A secret. */
  readonly value: string;
  readonly places: readonly Place[];
};

export type Variables = {
  /** Replaces a whole value by a variable, which is named after what the value is. */
  whole(value: string, meaning: string, place: Place): string;
  /** Returns the text as creditwatch.yml writes it, with each part that may be a secret replaced. */
  literal(text: string, meaning: string, place: Place): string;
  readonly all: () => readonly Variable[];
};

/** Variables of Creditwatch itself. */
const RESERVED = new Set(['INGEST_KEY', 'ENCRYPTION_KEY', 'METRICS_TOKEN', 'DATABASE_URL', 'REDIS_URL', 'HEARTBEAT_URL', 'PUBLIC_URL']);
/** A shorter value that occurs somewhere else is there by chance. */
const SHORTEST_KNOWN = 6;
const LONGEST_NAME = 40;

/** Purposes that have a usual name: the first that fits. */
const PURPOSES: readonly (readonly [purpose: string, words: readonly string[]])[] = [
  ['CSRF_TOKEN', ['csrf', 'xsrf']],
  ['COOKIE', ['cookie', 'cookies']],
  ['KEY', ['key', 'apikey', 'authorization']],
  ['PASSWORD', ['password', 'passwd', 'pwd', 'passphrase']],
  ['SECRET', ['secret']],
  ['TOKEN', ['token', 'jwt', 'bearer', 'session', 'auth']],
];

/**
 * Creates the names of variables for the secrets of one request: the same value always gets the same name.
 *
 * @param vendor begins each name: `acme`
 * @param known the variables of an earlier pass, whose values are replaced wherever they occur
 */
export function createVariables(vendor: string, known: readonly Variable[] = []): Variables {
  const prefix = nameOf(vendor) || 'VENDOR';
  const byValue = new Map<string, { readonly name: string; readonly places: Place[] }>(
    known.map(({ name, value }) => [value, { name, places: [] }]),
  );
  const longestFirst = known.filter(({ value }) => value.length >= SHORTEST_KNOWN).toSorted((a, b) => b.value.length - a.value.length);

  function whole(value: string, meaning: string, place: Place): string {
    const there = byValue.get(value);
    if (there !== undefined) {
      if (!there.places.some((one) => JSON.stringify(one) === JSON.stringify(place))) there.places.push(place);
      return `\${${there.name}}`;
    }
    const name = freeName(`${prefix}_${purposeOf(meaning)}`);
    byValue.set(value, { name, places: [place] });
    return `\${${name}}`;
  }

  function freeName(wanted: string): string {
    const taken = new Set([...byValue.values()].map(({ name }) => name));
    for (let nth = 1; ; nth += 1) {
      const name = nth === 1 ? wanted : `${wanted}_${String(nth)}`;
      if (!taken.has(name) && !RESERVED.has(name)) return name;
    }
  }

  function literal(text: string, meaning: string, place: Place): string {
    for (const { value } of longestFirst) {
      const at = text.indexOf(value);
      if (at === -1) continue;
      const [before, after] = [text.slice(0, at), text.slice(at + value.length)];
      return `${literal(before, meaning, place)}${whole(value, meaning, place)}${literal(after, meaning, place)}`;
    }
    let written = '';
    let rest = text;
    replaceSecretParts(text, (part) => {
      const at = rest.indexOf(part);
      written += `${escaped(rest.slice(0, at))}${whole(part, isAddress(part) ? 'user' : meaning, place)}`;
      rest = rest.slice(at + part.length);
      return part;
    });
    return written + escaped(rest);
  }

  return {
    whole,
    literal,
    all: () => [...byValue].flatMap(([value, { name, places }]) => (places.length === 0 ? [] : [{ name, value, places }])),
  };
}

/** Writes a text so that creditwatch.yml reads it as it is, and not as a variable. */
export function escaped(text: string): string {
  return text.replaceAll(/\$\{(?=[A-Za-z_]\w{0,200}\})/g, '$$$&');
}

function purposeOf(meaning: string): string {
  const words = nameParts(meaning);
  const usual = PURPOSES.find(([, said]) => said.some((word) => words.includes(word)))?.[0];
  return usual ?? (nameOf(words.filter((word) => word !== 'x').join(' ')) || 'VALUE');
}

function nameOf(text: string): string {
  return text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((part) => part !== '')
    .join('_')
    .slice(0, LONGEST_NAME)
    .replace(/^(?=\d)/, 'V');
}
