import { z } from 'zod';
import type { Filled } from '../meters/balance.ts';
import type { ChangeKind } from '../meters/classify-change.ts';
import type { UsageHistory } from '../meters/history.ts';
import type { Meter, MeterSelector } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import { severitySchema, type Severity } from './severity.ts';

/** What to look for, on which meters. `version` rises when the parameters change, which arms the rule again. */
export type Rule = {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly meters: MeterSelector;
  readonly params: unknown;
  /** Declared in creditwatch.yml (`file`), or what every meter gets when nothing else is said (`standard`). */
  readonly origin: 'file' | 'standard';
};

/**
 * The conditions that share one alert, and so one message, of a meter: whatever says that it runs out belongs to
 * `running-out`, so that a threshold and a forecast do not ring twice.
 */
export type AlertTopic = 'running-out' | 'unusual' | 'unused' | 'stale';

/** A condition that came to hold. `condition` is its stable name within the rule, part of the once-per-period key. */
export type Finding = {
  readonly kind: string;
  readonly condition: string;
  readonly severity: Severity;
  /** The figures that its wording needs; JSON, checked with the kind's own schema when it is read back. */
  readonly detail: unknown;
};

/** A finding as it is kept. */
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
  /** What the meter consumed lately, this reading included. */
  readonly history: UsageHistory;
  /** Of the account: decides which day it is. */
  readonly timeZone: string;
  /** What the rule remembered for this meter; null when it is new here or was edited. */
  readonly state: State | null;
};

/** Where a meter is, whatever came before. `filled` is what a balance is measured against; null when it has no history. */
export type SeverityInput = {
  readonly meter: Pick<Meter, 'decimals' | 'resets'>;
  readonly reading: Reading;
  readonly filled: Filled | null;
};

/**
 * A kind of rule: one file and one line in rules/registry.ts, and its wording in src/messages/alerts/rules. `evaluate` is a
 * pure function; whatever it must remember goes into its state, which is stored as JSON and read back through `state`.
 */
export type RuleKind<Params, State> = {
  readonly kind: string;
  readonly topic: AlertTopic;
  /** The parameters as creditwatch.yml writes them, beside `kind` and `meters`. */
  readonly written: z.ZodType<Params>;
  /** The parameters as they are stored. */
  readonly params: z.ZodType<Params>;
  readonly state: z.ZodType<State>;
  /** The parameters of the rule that every meter gets when no other of this kind names it; null when it gets none. */
  readonly standard: Params | null;
  /** How long figures stay current, for a kind that says so. */
  staleAfterMs?(params: Params): number;
  /** The worst that it can ever find; null when readings make it find nothing. */
  worst(params: Params): Severity | null;
  /** Leaves the state it is given as it is. One that has not changed is best given back itself: then nobody compares or stores it. */
  evaluate(params: Params, input: RuleInput<State>): { readonly evaluation: Evaluation; readonly state: State };
  /** Whether these parameters ask for a condition of the same name; a kind without it has nothing that outlasts an edit. */
  asksFor?(params: Params, condition: string): boolean;
  /** How bad the reading is by this rule, whatever was announced: for the overview. */
  severityNow(params: Params, now: SeverityInput): Severity | null;
};
