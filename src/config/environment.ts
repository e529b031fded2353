import { withoutTail } from '../core/text/text-end.ts';

export type Env = Readonly<Record<string, string | undefined>>;

type Problem = (where: string, message: string) => void;

/** Reads environment variables. A mistake in a value is reported once, under the name of its variable. */
export type Environment<Name extends string = string> = {
  /** Returns the value, trimmed. Undefined if it is not set or empty. */
  readonly get: (name: Name) => string | undefined;
  /** Like `get`, for a token, key or password, which must be one word of printable ASCII. */
  readonly secret: (name: Name) => string | undefined;
  /** Like `get`, for the path of a file or folder, which may contain any character except NUL. */
  readonly path: (name: Name) => string | undefined;
  /** `true`, `1`, `yes` and `on` in any case are true. `false`, `0`, `no`, `off` and an unset variable are false. */
  readonly flag: (name: Name) => boolean;
};

const YES = new Set(['true', '1', 'yes', 'y', 'on']);
const NO = new Set(['false', '0', 'no', 'n', 'off']);

/** White space, line breaks, control characters and invisible ones such as U+FEFF and U+200B. */
const AROUND = /^[\s\p{Cc}\p{Cf}]+/u;
const BLANK = /[\s\p{Cc}\p{Cf}]/u;
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const NOT_A_WORD = /[^\x21-\x7e]/u;
/** Docker's --env-file and some shells keep quotes as a part of the value. */
const QUOTES = new Set(['"', "'", '`']);

/**
 * Trims a value: a secret that was read from a file ends with a line break, and one from a Windows file with `\r`.
 *
 * @returns undefined if the variable is not set or contains only white space
 */
export function trimmed(value: string | undefined): string | undefined {
  const rest = value && withoutTail(value.replace(AROUND, ''), (character) => BLANK.test(character));
  return rest === '' ? undefined : rest;
}

/**
 * Creates the reader.
 *
 * @param problem called once for each variable with a mistake
 */
export function createEnvironment(env: Env, problem: Problem): Environment {
  const told = new Set<string>();

  function read(name: string, mistakeIn: (value: string) => string | null): string | undefined {
    const value = trimmed(env[name]);
    const mistake =
      value === undefined ? null : isQuoted(value) ? 'is in quotes, which count as a part of it: remove them' : mistakeIn(value);
    if (mistake !== null && !told.has(name)) {
      told.add(name);
      problem(name, mistake);
    }
    return value;
  }
  const get = (name: string) => read(name, invisibleIn);

  return {
    get,
    secret: (name) =>
      read(name, (value) => {
        const strange = NOT_A_WORD.exec(value)?.[0];
        return strange === undefined ? null : `contains ${nameOf(strange)}, which cannot be part of it: copy it again`;
      }),
    path: (name) => read(name, (value) => (value.includes('\0') ? invisibleIn(value) : null)),
    flag(name) {
      const value = get(name)?.toLowerCase();
      if (value === undefined || NO.has(value)) return false;
      if (!YES.has(value)) problem(name, 'must be true or false');
      return YES.has(value);
    },
  };
}

function isQuoted(value: string): boolean {
  return value.length > 1 && QUOTES.has(value.charAt(0)) && value.endsWith(value.charAt(0));
}

function invisibleIn(value: string): string | null {
  const found = INVISIBLE.exec(value)?.[0];
  return found === undefined ? null : `contains ${nameOf(found)}: copy it again, in one line`;
}

function nameOf(character: string): string {
  if (character === ' ') return 'a space';
  if (/[\r\n\u2028\u2029]/.test(character)) return 'a line break';
  if (character === '\t') return 'a tab';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\s\p{Cc}\p{Cf}]/u.test(character) ? `an invisible character (${code})` : `the character ${character} (${code})`;
}
