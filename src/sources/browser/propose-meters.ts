import { presentable } from '../../core/meters/meter.ts';
import { upperFirst } from '../../messages/text/upper-first.ts';
import { expressionOf, namePartsOf, type AnswerPath } from './answer-path.ts';
import { candidatesIn, type Candidate } from './figure-candidates.ts';
import { isAboutCredits, isCountable, isOnlyMeasure, subjectOf, unitIn } from './figure-names.ts';
import { nearestTime, periodTimesIn } from './find-times.ts';
import { nameParts } from './secret-text.ts';
import { groupsIn, type Group } from './walk-answer.ts';

/** A meter as creditwatch.yml writes it, with expressions over the answer. */
export type ProposedMeter = {
  readonly key: string;
  readonly label: string;
  readonly unit?: string | { readonly from: string };
  readonly used?: string;
  readonly remaining?: string;
  readonly total?: string;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  /** The role of a figure is only likely, so a person has to compare it with the page. */
  readonly isDoubtful: boolean;
};

export type Proposal = {
  /** The most likely first. */
  readonly meters: readonly ProposedMeter[];
  /** How many more figures there are, which are less likely or too many. */
  readonly more: number;
  /** How much the answer looks like usage. */
  readonly score: number;
};

const MOST_METERS = 8;
/** Below this, a number only happens to have a likely name. */
const LEAST_SCORE = 5;

/**
 * Finds what looks like usage in an answer, and proposes meters with expressions.
 *
 * @param vendor begins the labels: `acme`
 * @param at when the answer was given
 */
export function proposeMeters(answer: unknown, { vendor, at }: { readonly vendor: string; readonly at: Date }): Proposal {
  const groups = groupsIn(answer);
  const times = periodTimesIn(groups, at);
  const ranked = candidatesIn(groups)
    .filter(
      ({ figures: { used, remaining } }) => (used ?? remaining) !== undefined && (used?.value ?? 0) >= 0 && (remaining?.value ?? 0) >= 0,
    )
    .map((candidate) => ({ candidate: settled(candidate), score: scoreOf(candidate) }))
    .toSorted((a, b) => b.score - a.score);
  const likely = ranked.filter(({ score }) => score >= LEAST_SCORE);
  const taken = new Set<string>();
  const meters = likely.slice(0, MOST_METERS).map(({ candidate }): ProposedMeter => {
    const names = namesOf(candidate, { vendor, taken });
    const unit = unitOf(candidate, groups, names.words);
    const { used, remaining, total } = candidate.figures;
    const start = nearestTime(times, 'start', candidate.path);
    const end = nearestTime(times, 'end', candidate.path);
    return {
      key: names.key,
      label: names.label,
      ...(unit !== null && { unit }),
      ...(used && { used: expressionOf(used.path) }),
      ...(remaining && { remaining: expressionOf(remaining.path) }),
      ...(total && { total: totalOf(total) }),
      ...(start && { periodStart: expressionOf(start) }),
      ...(end && { periodEnd: expressionOf(end) }),
      isDoubtful: candidate.isDoubtful || (total?.value ?? 0) < 0,
    };
  });
  const best = likely[0]?.score ?? 0;
  return { meters, more: ranked.length - meters.length, score: best + Math.min(meters.length, 3) };
}

/** Vendors write -1 for unlimited, which is a mistake for Creditwatch unless the expression says so. */
function totalOf({ path, value }: { readonly path: AnswerPath; readonly value: number | null }): string {
  const expression = expressionOf(path);
  return value !== null && value < 0 ? `${expression} < 0 ? null : ${expression}` : expression;
}

/** Leaves out what contradicts the other figures: all three have to add up. */
function settled(candidate: Candidate): Candidate {
  const { used, remaining, total } = candidate.figures;
  if (remaining === undefined) return candidate;
  const { remaining: _left, ...withoutRemaining } = candidate.figures;
  if (used !== undefined && total !== undefined) {
    const addsUp = (used.value ?? 0) + (remaining.value ?? 0) === total.value;
    return addsUp ? candidate : { ...candidate, figures: withoutRemaining };
  }
  if (total !== undefined && used === undefined && (remaining.value ?? 0) > (total.value ?? Infinity))
    return { ...candidate, figures: { remaining }, isDoubtful: true };
  return candidate;
}

/** Words around usage. */
const GOOD = new Set(
  'usage quota quotas credit credits billing plan subscription balance balances allowance entitlement entitlements'.split(' '),
);
/** Rows about people, days or single calls are parts of the figures and not the figures. */
const BAD = new Set(
  'users members employees keys projects history event events transaction transactions invoice invoices log logs row rows daily today yesterday hourly timeseries series breakdown records examples trial referral'.split(
    ' ',
  ),
);

function scoreOf({ path, subject, figures, isDoubtful }: Candidate): number {
  const around = path.flatMap(namePartsOf);
  const own = Object.values(figures).flatMap(({ path: to }) =>
    to.slice(path.length).flatMap((step) => (step.to === 'field' ? namePartsOf(step) : [])),
  );
  const words = [...around, ...own];
  const isCounted = isCountable(subject) || isAboutCredits(words);
  const isPair = Object.keys(figures).length > 1;
  const { used, total } = figures;
  const isFarOver = used !== undefined && total !== undefined && (total.value ?? -1) >= 0 && (used.value ?? 0) > (total.value ?? 0) * 2;
  return (
    (isPair ? 8 : isCounted ? 5 : figures.remaining !== undefined ? 4 : 2) +
    (isCounted ? 3 : 0) +
    (words.some((word) => GOOD.has(word)) ? 2 : 0) -
    (around.some((word) => BAD.has(word)) ? (isPair ? 3 : 5) : 0) -
    (isDoubtful ? 2 : 0) -
    (path.some(({ to }) => to === 'first') ? 1 : 0) -
    (isFarOver ? 3 : 0)
  );
}

const LONGEST_LABEL = 80;
const MOST_WORDS = 5;

/** Names a meter after what is counted, else after the part of the answer that it is in. */
function namesOf(
  { path, subject }: Candidate,
  { vendor, taken }: { readonly vendor: string; readonly taken: Set<string> },
): { readonly key: string; readonly label: string; readonly words: readonly string[] } {
  const inPath = path.map((step) => subjectOf(namePartsOf(step)));
  const entry = path.findLast((step) => step.to === 'entry');
  const ofEntry = entry === undefined ? [] : subjectOf(namePartsOf(entry));
  const nearest = inPath.findLast((words) => words.length > 0) ?? [];
  const said = subject.length === 0 ? nearest : isOnlyMeasure(subject) ? [...nearest, ...subject] : subject;
  const own = [...new Set([...ofEntry, ...said])].filter((word) => word !== vendor).slice(0, MOST_WORDS);
  const words = own.length > 0 ? own : ['credits'];
  const plain = words.join('_');
  const around = [...new Set(inPath.flat())].filter((word) => !words.includes(word)).slice(-2);
  const key = [plain, [...around, plain].join('_'), ...Array.from({ length: MOST_METERS }, (_, nth) => `${plain}_${String(nth + 2)}`)].find(
    (one) => !taken.has(one),
  );
  const name = key ?? plain;
  taken.add(name);
  const label = presentable([vendor, ...name.split('_')].map(upperFirst).join(' '), LONGEST_LABEL);
  return { key: name, label, words };
}

/** What is counted, or the currency that the answer names beside the figures. */
function unitOf({ path }: Candidate, groups: readonly Group[], words: readonly string[]): string | { readonly from: string } | null {
  const counted = unitIn(words);
  if (counted !== null) return counted;
  const beside = groups.find((group) => JSON.stringify(group.path) === JSON.stringify(path));
  const currency = beside?.fields.find(
    ([name, value]) => nameParts(name).includes('currency') && typeof value === 'string' && /^[A-Z]{3}$/i.test(value),
  );
  return currency === undefined ? null : { from: expressionOf([...path, { to: 'field', name: currency[0] }]) };
}
