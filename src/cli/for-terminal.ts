/** Line breaks, tabs, and the codes with which `strong` formats a heading. */
const KEPT: ReadonlySet<string> = new Set(['\n', '\r\n', '\t', '\u001B[1m', '\u001B[22m']);

/** Makes text of files, vendors and people safe for a terminal: control characters are shown as `�`. */
export function forTerminal(text: string): string {
  return text.replace(/\r\n|\p{Cc}(?:\[(?:1|22)m)?/gu, (found) => (KEPT.has(found) ? found : `\uFFFD${found.slice(1)}`));
}
