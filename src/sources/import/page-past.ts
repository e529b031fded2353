import { AT, BILLING, FORECAST, NOT_NOW, PACES, PAST, PAST_ALONE, PERIODS, PLANS } from './page-vocabulary.ts';

/** Whether words are about a period that is over: "last month", "Vormonat". */
export function isPast(words: readonly string[]): boolean {
  return withoutBilling(words).some((word, index, all) => PAST_ALONE.has(word) || (PAST.has(word) && isBesidePeriod(all, index)));
}

/** "Next month", "2 months ago". Only of headings and names: behind figures, "renews next month" says nothing about them. */
export function isNotNow(words: readonly string[]): boolean {
  return withoutBilling(words).some((word, index, all) => NOT_NOW.has(word) && isBesidePeriod(all, index));
}

/** "Previous plan" */
export function isOfOldPlan(words: readonly string[]): boolean {
  return words.some((word, index) => PAST.has(word) && [words[index - 1], words[index + 1]].some((one) => PLANS.has(one ?? '')));
}

/** Whether words are about the future: "Projected usage", "At this pace". */
export function isForecast(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const isPace = PACES.has(word) && words.slice(Math.max(0, index - 3), index).some((one) => AT.has(one));
    return FORECAST.has(word) || isPace;
  });
}

/** Of "previous billing cycle", "previous cycle". */
export function withoutBilling(words: readonly string[]): readonly string[] {
  return words.filter((word) => !BILLING.has(word));
}

/** Whether the word before or after another is a period. */
export function isBesidePeriod(words: readonly string[], index: number): boolean {
  return [words[index - 1], words[index + 1]].some((one) => PERIODS.has(one ?? ''));
}
