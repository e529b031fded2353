import type { Alert } from './alert.ts';
import type { BoundRule } from '../rules/registry.ts';
import { worstSeverity } from '../rules/severity.ts';

/**
 * Whether the rules of a meter, as they are now, still ask for the worst of what an open alert says: by a rule that has not changed
 * since, or by one of the same kind that names the same level.
 *
 * @param rules those that watch the alert's meter
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
