import { advanceAlert, endWithPeriod, type Alert, type AlertChange, type RuleVerdict } from './alert.ts';
import { beginsPeriod, causeOf, type Cause } from '../meters/classify-change.ts';
import { recordUsage, type UsageHistory } from '../meters/history.ts';
import type { Meter } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import type { AlertTopic, Evaluation, Finding, RuleInput } from '../rules/rule.ts';
import type { BoundRule } from '../rules/registry.ts';
import { followReading, type CurrentReading, type Transition } from '../meters/follow-reading.ts';
import type { StoredSnooze } from './stored-snooze.ts';

/** The stored state of a rule for a meter. */
export type RuleMemory = {
  readonly ruleVersion: number;
  /** Null: no state, as for a new rule. */
  readonly state: unknown;
  /** How often each condition fired in this period. A condition that re-arms may fire again in the same period. */
  readonly firings: Readonly<Record<string, number>>;
};

/** All that the evaluation of a meter's next reading needs. Loaded before and saved after it. */
export type MeterState = {
  readonly meter: Meter;
  readonly current: CurrentReading | null;
  readonly history: UsageHistory | null;
  readonly memories: ReadonlyMap<string, RuleMemory>;
  /** Open alerts by topic. */
  readonly alerts: ReadonlyMap<AlertTopic, Alert>;
  /** The snooze of the meter; null if it is not snoozed. */
  readonly snoozed: StoredSnooze | null;
  /** The total that a person stated in chat, for readings without one; null if none did. */
  readonly statedTotal: bigint | null;
};

/** Returns the state of a meter that has no reading yet. */
export function newMeterState(meter: Meter): MeterState {
  return { meter, current: null, history: null, memories: new Map(), alerts: new Map(), snoozed: null, statedTotal: null };
}

/** The once-per-period key of a finding. The store rejects a second firing with the same key. */
export type Firing = {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly periodBeganAt: Date;
  readonly condition: string;
  /** 1 for the first firing in the period, one more for each firing after the condition re-armed. */
  readonly occurrence: number;
  readonly alertId: string;
};

export type Announcement = {
  readonly meterId: string;
  readonly alert: Alert;
  readonly change: AlertChange;
  readonly findings: readonly Finding[];
  readonly reading: Reading;
  /** The recent consumption, as of the reading. */
  readonly history: UsageHistory | null;
  /** For a recovery: when the worst condition fired. */
  readonly overSince?: Date | null;
  /** The cause of the change, if it was not consumption. */
  readonly cause: Cause | null;
};

/** The result of one rule for a reading, and its new state. The state is the same object as before if the rule did not change it. */
type Judgement = { readonly bound: BoundRule; readonly evaluation: Evaluation; readonly memory: RuleMemory };

export type EvaluationStep = {
  readonly meterState: MeterState;
  /** The readings that count now: none if this one is late or held back, two if it confirms a held one. */
  readonly transitions: readonly Transition[];
  /** Alerts that opened, changed or ended, in their state after the reading. */
  readonly alerts: readonly Alert[];
  readonly firings: readonly Firing[];
  readonly announcements: readonly Announcement[];
  /** The result of each rule, with its reason. */
  readonly judgements: readonly Judgement[];
};

/**
 * Evaluates one reading of a meter. Pure: the same input gives the same result, whether readings arrive one by one or in batches.
 *
 * A reading that is not newer than the current one is late: it is stored, but changes nothing, unless it replaces the figures of the
 * same instant. A doubtful reading is held until the next one. A reading observed outside its own period is shown as expired and
 * triggers no rule, but a reset in it is remembered. The same holds for readings observed before `judgesFrom`.
 */
export function evaluateReading(
  meterState: MeterState,
  {
    rules,
    timeZone,
    judgesFrom = null,
  }: { readonly rules: readonly BoundRule[]; readonly timeZone: string; readonly judgesFrom?: Date | null },
  reading: Reading,
  newId: () => string,
): EvaluationStep {
  const { transitions, current } = followReading(meterState.current, reading, { resets: meterState.meter.resets, judgesFrom });
  const [only, ...further] = transitions;
  if (only === undefined) {
    const isHeld = current !== meterState.current;
    return { meterState: isHeld ? moved(meterState, { current }) : meterState, transitions, ...NOTHING };
  }
  const first = judgeTransition(meterState, only, { rules, timeZone, newId });
  const last = further.reduce((step, transition) => {
    const next = judgeTransition(step.meterState, transition, { rules, timeZone, newId });
    return {
      meterState: next.meterState,
      alerts: [...step.alerts, ...next.alerts],
      firings: [...step.firings, ...next.firings],
      announcements: [...step.announcements, ...next.announcements],
      judgements: [...step.judgements, ...next.judgements],
    };
  }, first);
  const settled = last.meterState.current === current ? last.meterState : moved(last.meterState, { current });
  return {
    meterState: settled,
    transitions,
    alerts: last.alerts,
    firings: last.firings,
    announcements: last.announcements,
    judgements: last.judgements,
  };
}

type Judged = Omit<EvaluationStep, 'transitions'>;

/** Evaluates one reading that counts. */
function judgeTransition(
  meterState: MeterState,
  transition: Transition,
  { rules, timeZone, newId }: { readonly rules: readonly BoundRule[]; readonly timeZone: string; readonly newId: () => string },
): Judged {
  const { meter } = meterState;
  const { previous, reading, change, current, isJudged } = transition;
  const history = recordUsage(meterState.history, transition, timeZone);
  if (!isJudged) return { meterState: moved(meterState, { history, current }), ...NOTHING };

  const cause = causeOf(previous, reading, change);
  const rebased = beginsPeriod(change);
  const judgements = rules.map((bound) => {
    const known = meterState.memories.get(bound.rule.id);
    if (reading.isAtLeast && !bound.takesLowerBounds) return passOver(bound, known, rebased);
    return judge(bound, known, { meter, change, reading, history, timeZone }, rebased);
  });
  const memories = remember(meterState.memories, judgements);
  const ended = rebased ? [...meterState.alerts.values()].map((alert) => endWithPeriod(alert, reading.observedAt)) : NONE;
  const about = { meterId: meter.id, reading, history, cause };
  const closed = ended.map((alert): Announcement => ({ ...about, alert, change: 'closed', findings: NONE }));
  const open = rebased ? NO_ALERTS : meterState.alerts;
  const settled = moved(meterState, { current, history, memories, alerts: open });
  // The most common case: nothing fired, and no open alert could have ended.
  if (open.size === 0 && judgements.every(({ evaluation }) => evaluation.fired.length === 0)) {
    return { meterState: settled, alerts: ended, firings: NONE, announcements: closed, judgements };
  }

  const after = new Map(open);
  const touched: Alert[] = [];
  const firings: Firing[] = [];
  const announcements: Announcement[] = [...closed];
  const corrected = change === 'correction';
  for (const topic of new Set([...open.keys(), ...judgements.map(({ bound }) => bound.topic)])) {
    const said = judgements.filter(({ bound }) => bound.topic === topic);
    const { alert, announce } = advanceAlert(open.get(topic) ?? null, said.map(verdictOf), topic, { ...reading, corrected }, newId);
    if (alert === null) continue;
    if (alert.status === 'resolved') after.delete(topic);
    else after.set(topic, alert);
    touched.push(alert);
    if (announce) announcements.push({ ...about, alert, ...announce });
    for (const {
      bound: { rule },
      evaluation,
      memory,
    } of said) {
      for (const { condition } of evaluation.fired) {
        firings.push({
          ruleId: rule.id,
          ruleVersion: rule.version,
          periodBeganAt: current.periodBeganAt,
          condition,
          occurrence: memory.firings[condition] ?? 1,
          alertId: alert.id,
        });
      }
    }
  }
  return { meterState: moved(settled, { alerts: after }), alerts: [...ended, ...touched], firings, announcements, judgements };
}

/** Shared by all steps, because there is one for every reading. */
const NONE: readonly never[] = [];
const NOTHING = { alerts: NONE, firings: NONE, announcements: NONE, judgements: NONE };
const NO_ALERTS: MeterState['alerts'] = new Map();
const NO_FIRINGS: RuleMemory['firings'] = {};

function judge(bound: BoundRule, known: RuleMemory | undefined, input: Omit<RuleInput<unknown>, 'state'>, rebased: boolean): Judgement {
  const { version } = bound.rule;
  const before = known?.ruleVersion === version ? known : null;
  const { evaluation, state } = bound.evaluate(input, before?.state ?? null);
  const firings = count(rebased ? NO_FIRINGS : (before?.firings ?? NO_FIRINGS), evaluation.fired);
  const memory = before?.state === state && before?.firings === firings ? before : { ruleVersion: version, state, firings };
  return { bound, evaluation, memory };
}

/** Leaves a rule as it is, because it evaluates measured figures only. If a period begins, it starts again. */
function passOver(bound: BoundRule, known: RuleMemory | undefined, rebased: boolean): Judgement {
  const memory = known === undefined || rebased ? { ruleVersion: bound.rule.version, state: null, firings: NO_FIRINGS } : known;
  return { bound, evaluation: PASSED_OVER, memory };
}

const PASSED_OVER: Evaluation = { fired: NONE, cleared: NONE, reason: 'lower bound' };

function remember(memories: MeterState['memories'], judgements: readonly Judgement[]): MeterState['memories'] {
  const changed = judgements.filter(({ bound, memory }) => memories.get(bound.rule.id) !== memory);
  const known =
    changed.length === 0 ? memories : new Map([...memories, ...changed.map(({ bound, memory }) => [bound.rule.id, memory] as const)]);
  if (known.size === judgements.length) return known;
  // If a rule that does not apply to the meter now applies again later, its earlier firings no longer count.
  const absent = [...known].filter(([id, { state }]) => state !== null && judgements.every(({ bound }) => bound.rule.id !== id));
  if (absent.length === 0) return known;
  return new Map([...known, ...absent.map(([id, memory]) => [id, { ...memory, state: null }] as const)]);
}

function verdictOf({ bound: { rule }, evaluation: { fired, cleared } }: Judgement): RuleVerdict {
  return { ruleId: rule.id, ruleVersion: rule.version, fired, cleared };
}

/** Written out, because it runs for every reading and an object spread would cost as much as the rest of the evaluation. */
function moved(
  { meter, snoozed, statedTotal, current: oldReading, history: oldHistory, memories: oldMemories, alerts: oldAlerts }: MeterState,
  {
    current = oldReading,
    history = oldHistory,
    memories = oldMemories,
    alerts = oldAlerts,
  }: Partial<Pick<MeterState, 'current' | 'history' | 'memories' | 'alerts'>>,
): MeterState {
  return { meter, current, history, memories, alerts, snoozed, statedTotal };
}

function count(before: Readonly<Record<string, number>>, fired: readonly Finding[]): Readonly<Record<string, number>> {
  if (fired.length === 0) return before;
  const after = { ...before };
  for (const { condition } of fired) after[condition] = (after[condition] ?? 0) + 1;
  return after;
}
