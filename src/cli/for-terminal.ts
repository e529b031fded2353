/** Line ends, tabs, and what `strong` puts around a heading. */
const KEPT: ReadonlySet<string> = new Set(['\n', '\r\n', '\t', '\u001B[1m', '\u001B[22m']);

/** Text from files, vendors and people, as a terminal may get it: what it would obey is shown as `�`. */
export function forTerminal(text: string): string {
  return text.replace(/\r\n|\p{Cc}(?:\[(?:1|22)m)?/gu, (found) => (KEPT.has(found) ? found : `\uFFFD${found.slice(1)}`));
}
