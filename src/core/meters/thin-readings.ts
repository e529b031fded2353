import { localDayOf, type LocalDay } from '../time/local-time.ts';
import { beginsPeriod } from './classify-change.ts';
import type { RecordedReading } from './export.ts';
import { followReading, type CurrentReading, type FollowContext, type Transition } from './follow-reading.ts';

/** The first reading at each of these steps of usage stays, because levels are usually multiples of 5%. */
const STEPS = 20n;

/**
 * Chooses the readings that can be removed, so that the last of each local day stays. The readings that history, export, period
 * statements and backtests need to come to the same results stay too: those around resets, top-ups, plan cuts and doubtful figures, the
 * highest and lowest figure of a fall, and the first at each twentieth of the total.
 *
 * Following the remaining readings leads to the same states as following all of them, and to the same consumption per day.
 *
 * @param before the readings before them, from which the state of the meter follows; none of these is removed
 * @param readings of one meter, by `observedAt`; the last one stays
 * @param options.resets false for a balance
 * @param options.timeZone decides the day of a reading
 */
export function thinReadings(
  before: readonly RecordedReading[],
  readings: readonly RecordedReading[],
  options: { readonly resets: boolean; readonly timeZone: string },
): readonly RecordedReading[] {
  const steps = followAll([...before, ...readings], options);
  const removed: RecordedReading[] = [];
  let kept = Math.max(0, before.length - 1);
  while (kept < steps.length - 1) {
    const next = farthestFrom(steps, kept, options);
    for (const { reading } of steps.slice(kept + 1, next)) removed.push(reading);
    kept = next;
  }
  return removed;
}

/** A reading with the state of the meter after it. */
type Step = {
  readonly reading: RecordedReading;
  readonly day: LocalDay;
  readonly after: CurrentReading;
  /** Null unless the reading counted when it came, as consumption or as a correction by the vendor. */
  readonly plain: Transition | null;
  /** It is the first reading at a step of usage. */
  readonly isFirstAtStep: boolean;
};

function followAll(
  readings: readonly RecordedReading[],
  { resets, timeZone }: { readonly resets: boolean; readonly timeZone: string },
): readonly Step[] {
  let current: CurrentReading | null = null;
  let highest = 0n;
  return readings.map((reading): Step => {
    const previous: CurrentReading | null = current;
    const { isCorrection = false, observedAt } = reading;
    const followed = followReading(previous, reading, { ...contextOf(resets), isCorrection });
    current = followed.current;
    const [transition] = followed.transitions;
    const step = stepOf(reading);
    const begins = followed.transitions.some(({ change }) => change === 'first' || beginsPeriod(change));
    const isFirstAtStep = begins || step > highest;
    // A level fires again after usage has fallen to a step below it.
    if (isFirstAtStep) highest = step;
    else if (step < highest - 1n) highest = step + 1n;
    const isPlain =
      followed.transitions.length === 1 &&
      transition?.reading.observedAt === observedAt &&
      isPlainChange(transition) &&
      !isCorrection &&
      // Lower bounds stay, and so do the readings that measure what was used around them.
      !reading.isAtLeast &&
      previous?.measured === undefined &&
      current.held === null &&
      previous?.held === null &&
      // The statement of a period counts how often the total grew.
      (!resets || previous.reading.total === reading.total);
    return { reading, day: localDayOf(observedAt, timeZone), after: current, plain: isPlain ? (transition ?? null) : null, isFirstAtStep };
  });
}

function contextOf(resets: boolean): FollowContext {
  return { resets, judgesFrom: null };
}

function stepOf({ used, total }: RecordedReading): bigint {
  return total === null || total <= 0n ? 0n : (used * STEPS) / total;
}

function isPlainChange({ change }: Transition): boolean {
  return change === 'consumption' || change === 'correction';
}

/** Returns the farthest reading to which all between can be left out. */
function farthestFrom(steps: readonly Step[], from: number, { resets }: { readonly resets: boolean }): number {
  const start = steps[from];
  if (start === undefined || start.after.held !== null) return from + 1;
  const ends = endsOfRun(steps, from, resets);
  // All can usually be left out. Otherwise half as many are tried.
  for (let nth = ends.length - 1; nth > 0; nth = Math.floor(nth / 2)) {
    const end = ends[nth];
    if (end !== undefined && canFollow(start, end, resets)) return end.index;
  }
  return from + 1;
}

type RunEnd = {
  readonly index: number;
  readonly step: Step;
  readonly plain: Transition;
  /** Since the start of the run. */ readonly consumed: bigint;
};

/**
 * Lists the readings after one at which a run of plain readings within one day can end: those beyond all before them, in a rise or in a
 * fall. So all figures between lie between those of the two ends, and whatever they crossed the ends cross, too.
 */
function endsOfRun(steps: readonly Step[], from: number, resets: boolean): readonly RunEnd[] {
  const ends: RunEnd[] = [];
  const start = steps[from];
  const first = steps[from + 1];
  if (start === undefined || first === undefined) return ends;
  const begin = figureOf(start.reading, resets);
  let [highest, lowest, consumed, leastConsumed] = [begin, begin, 0n, 0n];
  for (let index = from + 1; index < steps.length; index += 1) {
    const step = steps[index];
    const plain = step?.plain;
    if (step === undefined || plain == null || step.day !== first.day || plain.isJudged !== first.plain?.isJudged) break;
    const figure = figureOf(step.reading, resets);
    if (figure > highest) highest = figure;
    if (figure < lowest) lowest = figure;
    if (highest > begin && lowest < begin) break;
    consumed += plain.consumed;
    if (consumed < leastConsumed) leastConsumed = consumed;
    // Corrections are subtracted from the latest days. Those of a run must not reach further back than their sum does.
    const countsAlike = leastConsumed >= (consumed < 0n ? consumed : 0n);
    const isBeyond = figure === (lowest < begin ? lowest : highest);
    if (isBeyond && countsAlike) ends.push({ index, step, plain, consumed });
    if (step.isFirstAtStep) break;
  }
  return ends;
}

/** Returns what rises with consumption: `used`, or for a balance what is no longer left. */
function figureOf({ used, total }: RecordedReading, resets: boolean): bigint {
  return resets || total === null ? used : used - total;
}

/** Whether the state and the consumption are the same if the readings between two are left out. */
function canFollow(start: Step, end: RunEnd, resets: boolean): boolean {
  const { transitions, current } = followReading(start.after, end.step.reading, contextOf(resets));
  const [transition] = transitions;
  return (
    transition !== undefined &&
    transitions.length === 1 &&
    isPlainChange(transition) &&
    transition.isJudged === end.plain.isJudged &&
    transition.consumed === end.consumed &&
    isSameState(current, end.step.after)
  );
}

function isSameState(a: CurrentReading, b: CurrentReading): boolean {
  return (
    a.held === null &&
    b.held === null &&
    a.resetPending === b.resetPending &&
    a.closedAtUsed === b.closedAtUsed &&
    a.periodBeganAt.getTime() === b.periodBeganAt.getTime() &&
    a.jump?.from === b.jump?.from &&
    a.jump?.to === b.jump?.to &&
    a.reading.observedAt.getTime() === b.reading.observedAt.getTime() &&
    a.reading.used === b.reading.used &&
    a.reading.total === b.reading.total &&
    a.reading.period?.start.getTime() === b.reading.period?.start.getTime() &&
    a.reading.period?.end.getTime() === b.reading.period?.end.getTime()
  );
}
