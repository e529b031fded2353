import type { z } from 'zod';
import type { AlertTopic, Evaluation, Rule, RuleInput, RuleKind, SeverityInput } from './rule.ts';
import { selects, type Meter } from '../meters/meter.ts';
import { worstSeverity, type Severity } from './severity.ts';
import { forecastRule } from './forecast.ts';
import { spike } from './spike.ts';
import { stale } from './stale.ts';
import { threshold } from './threshold.ts';
import { underUse } from './under-use.ts';

/** A rule kind with its parameter and state types hidden: callers pass JSON, which the kind's schemas check. */
type AnyRuleKind<Name extends string = string> = {
  readonly kind: Name;
  readonly topic: AlertTopic;
  readonly written: z.ZodType;
  readonly standard: unknown;
  /** Validates the stored parameters once, for all later evaluations. */
  bind(rule: Rule): BoundRule;
};

/** A rule ready to evaluate. */
export type BoundRule = {
  readonly rule: Rule;
  readonly topic: AlertTopic;
  /** How long figures stay current by this rule; null if it does not say. */
  readonly staleAfterMs: number | null;
  readonly takesLowerBounds: boolean;
  /** The highest severity it can report; null if readings never make it fire. */
  readonly worst: Severity | null;
  /**
   * Evaluates a reading.
   *
   * @param state the stored state; the same object is returned if it did not change
   */
  evaluate(input: Omit<RuleInput<unknown>, 'state'>, state: unknown): { readonly evaluation: Evaluation; readonly state: unknown };
  severityNow(now: SeverityInput): Severity | null;
  /** Whether it looks for a condition that a rule of its kind, or an earlier version of it, reported. */
  asksFor(this: void, condition: string): boolean;
};

/** All kinds of rules. A new kind is one file and one line here; the compiler then requires its wording. */
const kinds = [sealed(threshold), sealed(forecastRule), sealed(spike), sealed(underUse), sealed(stale)] as const;
export type RuleKindName = (typeof kinds)[number]['kind'];

export const ruleKinds: Readonly<Record<string, AnyRuleKind>> = Object.fromEntries(kinds.map((kind) => [kind.kind, kind]));

function sealed<Name extends string, Params, State>(kind: RuleKind<Params, State> & { readonly kind: Name }): AnyRuleKind<Name> {
  return {
    kind: kind.kind,
    topic: kind.topic,
    written: kind.written,
    standard: kind.standard,
    bind(rule) {
      const params = kind.params.parse(rule.params);
      // States that this kind created or validated before need no second check; states from the store do.
      const known = new WeakMap<object, State>();
      return {
        rule,
        topic: kind.topic,
        staleAfterMs: kind.staleAfterMs?.(params) ?? null,
        takesLowerBounds: kind.takesLowerBounds ?? false,
        worst: kind.worst(params),
        evaluate({ meter, change, reading, history, timeZone }, given) {
          const before = stateOf(given);
          const answer = kind.evaluate(params, { meter, change, reading, history, timeZone, state: before });
          if (answer.state === before) return { evaluation: answer.evaluation, state: given };
          if (typeof answer.state === 'object' && answer.state !== null) known.set(answer.state, answer.state);
          return answer;
        },
        severityNow: (now) => kind.severityNow(params, now),
        asksFor: (condition) => kind.asksFor?.(params, condition) ?? false,
      };

      function stateOf(given: unknown): State | null {
        if (given === null) return null;
        if (typeof given !== 'object') return kind.state.parse(given);
        const seen = known.get(given) ?? kind.state.parse(given);
        known.set(given, seen);
        return seen;
      }
    },
  };
}

/**
 * Returns the kind of a stored rule.
 *
 * @throws {Error} if this version does not know it; the configuration would have rejected it
 */
function kindOf(rule: Pick<Rule, 'kind'>): AnyRuleKind {
  const kind = ruleKinds[rule.kind];
  if (!kind) throw new Error(`no rule kind "${rule.kind}"`);
  return kind;
}

/** The rules of every meter without other rules. */
const standardRules: readonly Rule[] = Object.values(ruleKinds)
  .filter((kind) => kind.standard !== null)
  .map((kind) => ({
    id: `standard:${kind.kind}`,
    kind: kind.kind,
    version: 1,
    meters: 'all',
    params: kind.standard,
    origin: 'standard',
  }));

const boundStandards = standardRules.map((rule) => kindOf(rule).bind(rule));

/** Returns the rules of a meter: those that name it, and the standard rule of each kind that none of them has. */
export function rulesFor(meter: Pick<Meter, 'source' | 'key'>, declared: readonly BoundRule[]): readonly BoundRule[] {
  const own = declared.filter(({ rule }) => selects(rule.meters, meter));
  return [...own, ...boundStandards.filter((standard) => !own.some(({ rule }) => rule.kind === standard.rule.kind))];
}

/** Returns the highest severity that a meter's rules can report; null if readings never make them fire. */
export function worstFor(meter: Pick<Meter, 'source' | 'key'>, declared: readonly BoundRule[]): Severity | null {
  return worstSeverity(rulesFor(meter, declared).map((one) => one.worst));
}

/** Validates the parameters of stored rules, once for all meters. */
export function bindRules(rules: readonly Rule[]): readonly BoundRule[] {
  return rules.map((rule) => kindOf(rule).bind(rule));
}
