import type { ValuePlace } from '../../messages/replies/proposed-source.ts';
import { isAddress, namedSecrets, nameParts, tokensIn } from './secret-text.ts';

/** A value that creditwatch.yml takes from the environment. */
export type Variable = {
  readonly name: string;
  /** A secret. */
  readonly value: string;
  readonly places: readonly ValuePlace[];
};

export type Variables = {
  /** Replaces a whole value by a variable, which is named after what the value is. */
  whole(value: string, meaning: string, place: ValuePlace): string;
  /** Returns the text as creditwatch.yml writes it, with each part that may be a secret replaced. */
  literal(text: string, meaning: string, place: ValuePlace): string;
  readonly all: () => readonly Variable[];
};

/** Whether a variable of this name can hold the value: nothing else has the name, or it has the same value. */
export type MayHold = (name: string, value: string) => boolean;

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
 * @param mayHold whether a name is not in use for something else
 * @param known the variables of an earlier pass, whose values are replaced wherever they occur
 */
export function createVariables(vendor: string, mayHold: MayHold, known: readonly Variable[] = []): Variables {
  const prefix = nameOf(vendor) || 'VENDOR';
  const byValue = new Map<string, { readonly name: string; readonly places: ValuePlace[] }>(
    known.map(({ name, value }) => [value, { name, places: [] }]),
  );
  const longestFirst = known.filter(({ value }) => value.length >= SHORTEST_KNOWN).toSorted((a, b) => b.value.length - a.value.length);

  function whole(value: string, meaning: string, place: ValuePlace): string {
    const there = byValue.get(value);
    if (there !== undefined) {
      if (!there.places.some((one) => JSON.stringify(one) === JSON.stringify(place))) there.places.push(place);
      return `\${${there.name}}`;
    }
    const name = freeName(`${prefix}_${purposeOf(meaning)}`, value);
    byValue.set(value, { name, places: [place] });
    return `\${${name}}`;
  }

  function freeName(purpose: string, value: string): string {
    const wanted = ofOtherPrograms(purpose) ? `VENDOR_${purpose}` : purpose;
    const taken = new Set([...byValue.values()].map(({ name }) => name));
    for (let nth = 1; ; nth += 1) {
      const name = nth === 1 ? wanted : `${wanted}_${String(nth)}`;
      if (!taken.has(name) && mayHold(name, value)) return name;
    }
  }

  function literal(text: string, meaning: string, place: ValuePlace): string {
    const named = namedSecrets(text);
    return written(0, text.length);

    function written(from: number, to: number): string {
      for (const { value } of longestFirst) {
        const at = text.indexOf(value, from);
        if (at === -1 || at + value.length > to) continue;
        return `${written(from, at)}${whole(value, meaning, place)}${written(at + value.length, to)}`;
      }
      let all = '';
      let end = from;
      for (const part of named) {
        const [start, next] = [Math.max(part.at, end), Math.min(part.at + part.text.length, to)];
        if (start >= next) continue;
        all += `${withoutTokens(text.slice(end, start))}${whole(text.slice(start, next), part.name ?? meaning, place)}`;
        end = next;
      }
      return all + withoutTokens(text.slice(end, to));
    }

    function withoutTokens(piece: string): string {
      let all = '';
      let end = 0;
      for (const { at, text: token } of tokensIn(piece)) {
        all += `${escaped(piece.slice(end, at))}${whole(token, isAddress(token) ? 'user' : meaning, place)}`;
        end = at + token.length;
      }
      return all + escaped(piece.slice(end));
    }
  }

  return {
    whole,
    literal,
    all: () => [...byValue].flatMap(([value, { name, places }]) => (places.length === 0 ? [] : [{ name, value, places }])),
  };
}

/** Variables of Node, npm, the loader, the C library, OpenSSL, proxies, PostgreSQL, Git, clouds and shells, which change what a program does. */
const OTHER_PROGRAMS =
  /^(?:NODE|NPM|NPX|YARN|PNPM|V8|UV|LD|DYLD|LIBC|GLIBC|MALLOC|OPENSSL|SSL|SSLKEYLOGFILE|CURL|PG|PRISMA|GIT|DOCKER|AWS|AZURE|IDENTITY|MSI|IMDS|XDG|LC|BASH|HTTP|HTTPS|FTP|ALL|NO|FORCE|CI|TZ|TMP|TEMP|TMPDIR|HOME|USER|SHELL|PATH|LANG|TERM|DEBUG|DOTENV|SYSTEMD|NOTIFY|LISTEN|JOURNAL|WATCHDOG|SLACK|TEAMS|CREDITWATCH)(?:_|$)|^PG[A-Z]+$/;

/** Whether programs that run beside or below Creditwatch may read a variable of this name. */
function ofOtherPrograms(name: string): boolean {
  return OTHER_PROGRAMS.test(name);
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
