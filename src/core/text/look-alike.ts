import unhomoglyph from 'unhomoglyph';

/**
 * Whether a reader may confuse two names: they differ only by case, marks, spaces, `_` and `-`, invisible characters, or letters of
 * another script that look the same (Unicode's confusable characters).
 */
export function looksAlike(one: string, other: string): boolean {
  return skeleton(one) === skeleton(other);
}

function skeleton(name: string): string {
  const letters = (text: string) => text.normalize('NFKD').replaceAll(/[\p{M}\p{Cf}\s_-]+/gu, '');
  return unhomoglyph(letters(unhomoglyph(letters(name)).toLowerCase())).toLowerCase();
}
