/** Text that an older version stored as `reached 80 %`, as it is written now: `reached 80%`. */
export function withoutPercentSpace(text: string): string {
  return text.replaceAll(/(\d) %/g, '$1%');
}
