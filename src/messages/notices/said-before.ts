/** How the headline of an alert reads in the past, by how it begins. The first that fits decides. */
const IN_THE_PAST: readonly (readonly [RegExp, (rest: string) => string])[] = [
  [/^is already used up/, () => 'used up when first seen,'],
  [/^is used up/, () => 'used up'],
  [/^is used, but none is included/, () => 'used, though none is included,'],
  [/^is already (.*)$/, (rest) => `${rest} when first seen,`],
  [/^already has (.*)$/, (rest) => `${rest} when first seen,`],
  [/^is (.*)$/, (rest) => rest],
  [/^has (.*)$/, (rest) => rest],
  [/^needs attention/, () => 'needed attention'],
  [/^may leave (.*)$/, (rest) => `seemed to leave ${rest},`],
];

/**
 * What was said of a meter's alert, read later and before its time: of `is used up (100%)`, `used up` as in "used up Sun 18:40".
 *
 * @param headline as the rule worded it after the meter's name
 */
export function saidBefore(headline: string): string {
  for (const [pattern, past] of IN_THE_PAST) {
    const match = pattern.exec(headline);
    if (match) return past(match[1] ?? '');
  }
  return headline;
}
