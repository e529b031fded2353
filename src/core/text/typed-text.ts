const QUOTES = new Set('"\'`´“”„‟«»‹›‘’‚');
const QUESTION = new Set('?');

/**
 * What people type without what only dresses it: quotes and backticks around names, invisible characters that came along
 * with a paste, a question mark at the end. An apostrophe inside a word or a number stays.
 */
export function typedText(text: string): string {
  const plain = text.replace(/\p{Cf}/gu, '').trim();
  const asked = withoutEnd(plain, QUESTION).trimEnd();
  // By itself it asks for help.
  return (asked === '' ? plain : asked)
    .split(/\s/)
    .map((word) => withoutEnds(word, QUOTES))
    .filter((word) => word !== '')
    .join(' ');
}

const MARKS = new Set('!?.,:;');
/** As programs are asked for help, and as people call for it. */
const HELP: ReadonlySet<string> = new Set(['--help', '-help', '-h', '-?', '/?', '']);

/** The first word as the command that it names: `Help!` is `help`, `alerts.` is `alerts`, and `--help`, `-h`, `?` ask for help. */
export function commandWordIn(first: string): string {
  if (first === '') return first;
  const word = withoutEnd(first.toLowerCase(), MARKS);
  return HELP.has(word) || HELP.has(first.toLowerCase()) ? 'help' : word;
}

/** A loop, since an expression that looks for an end tries it from every place. */
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
