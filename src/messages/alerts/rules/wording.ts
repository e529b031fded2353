import type { Meter } from '../../../core/meters/meter.ts';
import type { Reading } from '../../../core/meters/reading.ts';
import type { Finding } from '../../../core/rules/rule.ts';
import type { RichText } from '../../../core/text/rich-text.ts';

/** The reading that led to the findings, and its meter. */
export type FindingContext = { readonly meter: Pick<Meter, 'decimals' | 'resets'>; readonly reading: Reading };

/** How the findings of one kind of rule read. */
export type RuleWording = {
  /** What follows the meter's name: `reached 80%`. */
  headline(findings: readonly Finding[], context: FindingContext): RichText;
  /** Sentences below the figures, for a kind that explains itself; without it the forecast and the consequence do. */
  meaning?(findings: readonly Finding[], context: FindingContext): readonly RichText[];
};
