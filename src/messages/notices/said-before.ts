/** Turns the headline of an alert into the past tense, by its first words. The first pattern that matches decides. */
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
 * Turns the headline of an alert into the past tense, to stand before its time: `is used up (100%)` becomes `used up`, as in
 * "used up Sun 18:40".
 *
 * @param headline the wording of the rule, which follows the meter's name
 */
export function saidBefore(headline: string): string {
  for (const [pattern, past] of IN_THE_PAST) {
    const match = pattern.exec(headline);
    if (match) return past(match[1] ?? '');
  }
  return headline;
}
