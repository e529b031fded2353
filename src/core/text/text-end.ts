/** Removes trailing characters that match `isTail`. Takes time linear in the removed part. */
export function withoutTail(text: string, isTail: (character: string) => boolean): string {
  let end = text.length;
  while (end > 0 && isTail(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Removes characters that match `isEdge` from both ends. Takes time linear in the text. */
export function withoutEdges(text: string, isEdge: (character: string) => boolean): string {
  const kept = withoutTail(text, isEdge);
  let from = 0;
  while (from < kept.length && isEdge(kept.charAt(from))) from += 1;
  return kept.slice(from);
}

/** `25.5` for `25.50`, `25` for `25.00`, and whole numbers as they are. */
export function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? withoutTail(withoutTail(decimal, isZero), (character) => character === '.') : decimal;
}

/** Removes trailing zeros from the digits of a fraction. */
export function shortFraction(digits: string): string {
  return withoutTail(digits, isZero);
}

function isZero(character: string): boolean {
  return character === '0';
}
