import { split } from 'shlex';

/** Where a shell ends a command, and what follows is not about it: `curl … | jq .` */
const ENDS = new Set(['|', '||', ';', '&', '&&', '>', '>>', '2>', '2>&1']);

/** The arguments of one command, as its shell passes them on. */
export type Arguments = { readonly arguments: readonly string[]; readonly isSeveral: boolean };

/**
 * Splits a command as the shell does that it was copied for: a POSIX shell, with the `$'…'` of browsers, or the Windows command line.
 *
 * @returns null if a quotation mark is not closed, which is how half of a command ends
 */
export function argumentsOf(command: string): Arguments | null {
  const all = isForWindows(command) ? windowsArguments(command) : posixArguments(command);
  if (all === null) return null;
  const end = all.findIndex((one) => ENDS.has(one));
  const [first, rest] = end === -1 ? [all, []] : [all.slice(0, end), all.slice(end + 1)];
  return { arguments: first, isSeveral: rest.some(isCurl) };
}

/** Whether a word is the name of the program. */
export function isCurl(word: string): boolean {
  return /^(?:.*[\\/])?curl(?:\.exe)?$/i.test(word);
}

/** Browsers write `^"` around arguments for the Windows command line, and `^` at the end of its lines. */
function isForWindows(command: string): boolean {
  return /\^(?:"|\r?\n)/.test(command);
}

function posixArguments(command: string): readonly string[] | null {
  try {
    return split(command.replaceAll('\r\n', '\n'));
  } catch {
    return null;
  }
}

/**
 * Splits for Windows in two steps: cmd.exe removes carets, and the program then reads quotation marks. Browsers double each backslash of a
 * value, also where Windows would not need it.
 */
function windowsArguments(command: string): readonly string[] | null {
  const text = withoutCarets(command.replaceAll('\r\n', '\n'));
  const found: string[] = [];
  let word: string | null = null;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character === '\\' && (next === '"' || next === '\\')) {
      word = (word ?? '') + next;
      index += 1;
    } else if (character === '"' && isQuoted && next === '"') {
      word = (word ?? '') + character;
      index += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (!isQuoted && /\s/.test(character)) {
      if (word !== null) found.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (word !== null) found.push(word);
  return isQuoted ? null : found;
}

/** Outside of quotation marks, a caret makes the next character plain. Before a line break it also removes that. */
function withoutCarets(text: string): string {
  let plain = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') isQuoted = !isQuoted;
    if (character !== '^' || isQuoted) {
      plain += character;
      continue;
    }
    index += text.charAt(index + 1) === '\n' ? 2 : 1;
    plain += text.charAt(index);
  }
  return plain;
}
