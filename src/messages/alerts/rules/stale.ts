import { richText } from '../../../core/text/rich-text.ts';
import type { RuleWording } from './wording.ts';

export const staleWording: RuleWording = {
  headline: () => richText`is out of date`,
  past: () => richText`out of date`,
};
