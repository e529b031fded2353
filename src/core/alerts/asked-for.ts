import type { Alert } from './alert.ts';
import type { BoundRule } from '../rules/registry.ts';
import { worstSeverity } from '../rules/severity.ts';

/**
 * Whether the present rules of a meter still look for the worst condition of an open alert: the rule is unchanged, or another rule of
 * the same kind has the same level.
 *
 * @param rules those that apply to the alert's meter
 */
export function isAskedFor({ severity, conditions }: Pick<Alert, 'severity' | 'conditions'>, rules: readonly BoundRule[]): boolean {
  const asked = conditions.filter((one) =>
    rules.some(
      ({ rule, asksFor }) =>
        (rule.id === one.ruleId && rule.version === one.ruleVersion) || (rule.kind === one.kind && asksFor(one.condition)),
    ),
  );
  return worstSeverity(asked.map((one) => one.severity)) === severity;
}
