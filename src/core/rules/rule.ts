import { z } from 'zod';
import type { Filled } from '../meters/balance.ts';
import type { ChangeKind } from '../meters/classify-change.ts';
import type { UsageHistory } from '../meters/history.ts';
import type { Meter, MeterSelector } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import { severitySchema, type Severity } from './severity.ts';

/** What to look for, on which meters. `version` increases when the parameters change, which re-arms the rule. */
export type Rule = {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly meters: MeterSelector;
  readonly params: unknown;
  /** Declared in creditwatch.yml (`file`), or a default (`standard`). */
  readonly origin: 'file' | 'standard';
};

/**
 * Conditions of one topic share one alert of a meter, and so one message. Everything about running out is `running-out`, so that a
 * threshold and a forecast do not alert twice.
 */
export type AlertTopic = 'running-out' | 'unusual' | 'unused' | 'stale';

/** A condition that fired. `condition` is its stable name within the rule, part of the once-per-period key. */
export type Finding = {
  readonly kind: string;
  readonly condition: string;
  readonly severity: Severity;
  /** The figures for its wording: JSON, validated by the kind's schema when read. */
  readonly detail: unknown;
};

/** A stored finding. */
export const findingSchema = z.object({ kind: z.string(), condition: z.string(), severity: severitySchema, detail: z.unknown() });

/** The decision on one reading, with its reason. */
export type Evaluation = {
  readonly fired: readonly Finding[];
  /** Conditions that no longer hold. */
  readonly cleared: readonly string[];
  readonly reason: string;
};

export type RuleInput<State> = {
  readonly meter: Meter;
  readonly change: ChangeKind;
  readonly reading: Reading;
  /** The recent consumption of the meter, including this reading. */
  readonly history: UsageHistory;
  /** The account's time zone, which decides the day. */
  readonly timeZone: string;
  /** The state of the rule for this meter; null if the rule is new or was edited. */
  readonly state: State | null;
};

/** The present state of a meter. `filled`: the base of a balance; null if it has no history. */
export type SeverityInput = {
  readonly meter: Pick<Meter, 'decimals' | 'resets'>;
  readonly reading: Reading;
  readonly filled: Filled | null;
};

/**
 * A kind of rule: one file, one line in src/core/rules/registry.ts, and its wording in src/messages/alerts/rules. `evaluate` is a pure
 * function; its state is stored as JSON and validated with `state`.
 */
export type RuleKind<Params, State> = {
  readonly kind: string;
  readonly topic: AlertTopic;
  /** The parameters as written in creditwatch.yml, without `kind` and `meters`. */
  readonly written: z.ZodType<Params>;
  /** The parameters as stored. */
  readonly params: z.ZodType<Params>;
  readonly state: z.ZodType<State>;
  /** The parameters of the standard rule, for meters that no other rule of this kind names; null if there is none. */
  readonly standard: Params | null;
  /** How long figures stay current, for a kind that defines it. */
  staleAfterMs?(params: Params): number;
  /** Whether it evaluates lower bounds. Without it, only measured figures are evaluated. */
  readonly takesLowerBounds?: true;
  /** The highest severity it can report; null if readings never make it fire. */
  worst(params: Params): Severity | null;
  /** Must not change the given state. Returning the same object avoids a comparison and a write. */
  evaluate(params: Params, input: RuleInput<State>): { readonly evaluation: Evaluation; readonly state: State };
  /** Whether these parameters look for a condition of this name. Without it, no condition outlasts an edit. */
  asksFor?(params: Params, condition: string): boolean;
  /** The severity of a reading by this rule, whatever was posted before; for the overview. */
  severityNow(params: Params, now: SeverityInput): Severity | null;
};
