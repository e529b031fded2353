import type { RuleKindName } from '../../../core/rules/registry.ts';
import { forecastWording } from './forecast.ts';
import { spikeWording } from './spike.ts';
import { staleWording } from './stale.ts';
import { thresholdWording } from './threshold.ts';
import { underUseWording } from './under-use.ts';
import type { RuleWording } from './wording.ts';

/** The wording of each kind of rule. Partial for lookups, because a stored finding may have a kind that this version no longer knows. */
export const ruleWordings: Readonly<Partial<Record<string, RuleWording>>> = {
  threshold: thresholdWording,
  forecast: forecastWording,
  spike: spikeWording,
  'under-use': underUseWording,
  stale: staleWording,
} satisfies Record<RuleKindName, RuleWording>;
