import type { Meter } from '../../../core/meters/meter.ts';
import type { Reading } from '../../../core/meters/reading.ts';
import type { Finding } from '../../../core/rules/rule.ts';
import type { RichText } from '../../../core/text/rich-text.ts';

/** The reading that led to the findings, and its meter. */
export type FindingContext = { readonly meter: Pick<Meter, 'decimals' | 'resets'>; readonly reading: Reading };

/** Words the findings of one kind of rule. */
export type RuleWording = {
  /** What follows the meter's name: `reached 80%`. */
  headline(findings: readonly Finding[], context: FindingContext): RichText;
  /** The same in the past tense, before a time: `used up` as in "used up Sun 18:40". May end with a comma. */
  past(findings: readonly Finding[], context: FindingContext): RichText;
  /** Sentences below the figures. Without this method, the message shows the forecast and the consequence there. */
  meaning?(findings: readonly Finding[], context: FindingContext): readonly RichText[];
};
