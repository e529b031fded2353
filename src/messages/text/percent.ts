/** Removes the space from text that an older version stored: `reached 80 %` becomes `reached 80%`. */
export function withoutPercentSpace(text: string): string {
  return text.replaceAll(/(\d) %/g, '$1%');
}
