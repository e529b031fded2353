const QUOTES = new Set('"\'`´“”„‟«»‹›‘’‚');
const QUESTION = new Set('?');

/**
 * Removes decoration from typed text: quotes and backticks around names, invisible characters from pasting, and a question mark at the
 * end. An apostrophe inside a word or a number stays.
 */
export function typedText(text: string): string {
  const plain = text.replace(/\p{Cf}/gu, '').trim();
  const asked = withoutEnd(plain, QUESTION).trimEnd();
  // A question mark alone asks for help.
  return (asked === '' ? plain : asked)
    .split(/\s/)
    .map((word) => withoutEnds(word, QUOTES))
    .filter((word) => word !== '')
    .join(' ');
}

const MARKS = new Set('!?.,:;');
/** The ways to ask for help, as an option or as a word. */
const HELP: ReadonlySet<string> = new Set(['--help', '-help', '-h', '-?', '/?', '']);

/** Returns the command of the first word: `Help!` is `help`, `alerts.` is `alerts`, and `--help`, `-h`, `?` are `help`. */
export function commandWordIn(first: string): string {
  if (first === '') return first;
  const word = withoutEnd(first.toLowerCase(), MARKS);
  return HELP.has(word) || HELP.has(first.toLowerCase()) ? 'help' : word;
}

/** A loop, because a regular expression would search for the end from every position. */
function withoutEnd(text: string, what: ReadonlySet<string>): string {
  let end = text.length;
  while (end > 0 && what.has(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function withoutEnds(text: string, what: ReadonlySet<string>): string {
  let start = 0;
  while (start < text.length && what.has(text.charAt(start))) start++;
  return withoutEnd(text.slice(start), what);
}
