/** The placeholders of a pattern that stand for a figure. */
export const figuresOfNotices = ['percent', 'used', 'left', 'total'] as const;
export type NoticeFigure = (typeof figuresOfNotices)[number];
export type PatternPart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'any' } | { readonly kind: 'number'; readonly is: NoticeFigure };

const PLACEHOLDER = /\{(percent|used|left|total|any)\}/;
/** Returns why a pattern cannot be used: an unknown placeholder, one twice, no figure, or two placeholders without text between them. */
export function patternProblem({
  subject,
  text,
}: {
  readonly subject: string | null;
  readonly text: string | null;
}): 'unknown' | 'twice' | 'no-figure' | 'side-by-side' | null {
  const all = [subject ?? '', text ?? ''];
  const parts = all.map(partsOf);
  if (all.some((one) => /[{}]/.test(one.replaceAll(new RegExp(PLACEHOLDER, 'g'), '')))) return 'unknown';
  const figures = parts.flat().flatMap((part) => (part.kind === 'number' ? [part.is] : []));
  if (new Set(figures).size < figures.length) return 'twice';
  if (parts.some((one) => one.some((part, at) => part.kind !== 'text' && one[at + 1] !== undefined && one[at + 1]?.kind !== 'text')))
    return 'side-by-side';
  return figures.some((one) => one !== 'total') ? null : 'no-figure';
}

/** Splits a pattern at its placeholders. */
export function partsOf(pattern: string): readonly PatternPart[] {
  return pattern.split(new RegExp(PLACEHOLDER)).flatMap((piece, at): readonly PatternPart[] => {
    if (at % 2 === 0) return plainOf(piece) === '' ? [] : [{ kind: 'text', text: plainOf(piece) }];
    const is = figuresOfNotices.find((one) => one === piece);
    return [is === undefined ? { kind: 'any' } : { kind: 'number', is }];
  });
}

/** Makes a text comparable with a pattern: case and breaks of lines do not matter. */
function plainOf(text: string): string {
  return lowerOf(text.replaceAll(/\s+/gu, ' '));
}

/** Returns a text in lower case, in which each character keeps its place. */
export function lowerOf(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (char) => (char.toLowerCase().length === char.length ? char.toLowerCase() : char)).join('');
}
