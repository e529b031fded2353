import { grouped } from '../../core/grouped.ts';
import type { FigureField } from '../../core/meters/figure-fields.ts';
import { readNumber } from '../../core/text/numbers/number.ts';
import { commonSteps, namePartsOf, type AnswerPath } from './answer-path.ts';
import { figureName, isCountable, isCurrency, isWeaklyUsed, subjectKey } from './figure-names.ts';
import { nameParts } from './secret-text.ts';
import { isPlainName, MOST_FIELDS, type Group } from './walk-answer.ts';

/** A number of an answer, with its role. `value`: null if it is null there, which means unlimited for a total. */
type Figure = { readonly path: AnswerPath; readonly value: number | null };

/** Figures of an answer that belong to one meter. */
export type Candidate = {
  /** The group that they are in, or the one around their groups. */
  readonly path: AnswerPath;
  /** What is counted. Empty if only the path says it. */
  readonly subject: readonly string[];
  readonly figures: Readonly<Partial<Record<FigureField, Figure>>>;
  readonly isDoubtful: boolean;
};

type Found = {
  readonly path: AnswerPath;
  readonly name: string;
  readonly value: number | null;
  readonly role: FigureField | null;
  readonly isDoubtful: boolean;
  readonly isWeak: boolean;
  readonly subject: readonly string[];
};

/** Lists the figures of an answer that can be meters: those of a group first, then those of groups beside each other. */
export function candidatesIn(groups: readonly Group[]): readonly Candidate[] {
  const inGroups = groups
    .filter((group) => !isPaging(group))
    .flatMap((group) => [...candidatesOf(found(group), group.path), ...transposed(group)]);
  return joinedAcross(withoutRepeats(inGroups));
}

/** The position in a long list has the names of a limit and a total. */
function isPaging({ fields }: Group): boolean {
  const names = fields.map(([name]) => nameParts(name).join(' '));
  return names.some((name) =>
    /^(?:page|per page|page size|page number|total pages|offset|cursor|next cursor|has more|has next page)$/.test(name),
  );
}

const RATE_LIMITS = new Set(['rate', 'rates', 'ratelimit', 'ratelimits', 'throttling', 'pagination', 'paging']);

/** Limits of the number of requests in a minute are not credits. */
function isRateLimit(path: AnswerPath): boolean {
  return path.flatMap(namePartsOf).some((word) => RATE_LIMITS.has(word));
}

function found({ path, fields }: Group): readonly Found[] {
  if (isRateLimit(path)) return [];
  return fields.flatMap(([name, raw]): readonly Found[] => {
    const value = numberIn(raw);
    const read = value === undefined ? null : figureName(name);
    if (value === undefined || read === null || (value === null && read.role !== 'total')) return [];
    return [{ path: [...path, { to: 'field', name }], name, value, ...read }];
  });
}

/** Returns a number, also one that is written as text; null for null; undefined for anything else. */
function numberIn(raw: unknown): number | null | undefined {
  if (raw === null || (typeof raw === 'number' && Number.isFinite(raw))) return raw;
  const written = typeof raw === 'string' ? readNumber(raw) : null;
  if (written === null) return undefined;
  const number = Number(written.by.point ?? written.by.comma);
  return Number.isFinite(number) ? number : undefined;
}

function candidatesOf(all: readonly Found[], path: AnswerPath): readonly Candidate[] {
  const bySubject = grouped(all, ({ subject }) => subjectKey(subject));
  const bare = bySubject.get('') ?? [];
  const others = [...bySubject].flatMap(([subject, group]) => (subject === '' ? [] : [group]));
  // `{ credits_used: 5, limit: 10 }`: the limit has no subject because there is only one.
  const [only] = others;
  const isOne = only !== undefined && others.length === 1 && !only.some(({ role }) => bare.some((one) => one.role === role));
  return (isOne ? [[...only, ...bare]] : [bare, ...others]).flatMap((group) => candidateOf(group, path) ?? []);
}

function candidateOf(group: readonly Found[], path: AnswerPath): Candidate | null {
  const figures: Partial<Record<FigureField, Figure>> = {};
  const subject = group.find((one) => one.subject.length > 0)?.subject ?? [];
  const surest = group.toSorted((a, b) => rankOf(a) - rankOf(b));
  let isDoubtful = false;
  for (const { role, ...one } of surest) {
    if (role === null || figures[role] !== undefined) continue;
    figures[role] = one;
    isDoubtful ||= one.isDoubtful;
  }
  const { used, remaining } = figures;
  const sum = (used?.value ?? NaN) + (remaining?.value ?? NaN);
  // Of `included` and `total`, the one that is the sum.
  const total = surest.find(({ role, value }) => role === 'total' && value === sum) ?? figures.total;
  if (total !== undefined) figures.total = total;
  // `{ used: 5, remaining: 95, available: 100 }`
  const whole = surest.find((one) => one.isDoubtful && one.path !== remaining?.path && one.value === sum);
  if (total === undefined && whole !== undefined) figures.total = whole;
  const [rest, ...more] = group.filter(({ role }) => role === null);
  if (rest === undefined || rest.value === null || more.length > 0)
    return Object.keys(figures).length === 0 ? null : { path, subject, figures, isDoubtful };
  const said = Object.keys(figures).length;
  if (said > 0 && used === undefined && isWeaklyUsed(rest.name)) figures.used = rest;
  else if (said === 0 && isCurrency(rest.subject)) figures.remaining = rest;
  // `{ api_credits: 5000, used_api_credits: 12 }`
  else if (said === 1 && used?.value != null && isCountable(rest.subject) && rest.value >= used.value) figures.total = rest;
  else return said === 0 ? null : { path, subject, figures, isDoubtful };
  // The name says what is counted, and not whether it is used, left or all there is.
  return { path, subject, figures, isDoubtful: isDoubtful || !isWeaklyUsed(rest.name) };
}

/** The surest name first. Of balances the total, and of limits the hard one. */
function rankOf({ name, isDoubtful, isWeak }: Found): number {
  const words = nameParts(name);
  return (
    (isDoubtful ? 4 : 0) +
    (isWeak ? 2 : 0) +
    (words.includes('soft') ? 2 : 0) -
    (words.includes('total') || words.includes('available') ? 1 : 0)
  );
}

/** `{ used: { credits: 5 }, limit: { credits: 10 } }`: the role is the name of the group, and what is counted that of the field. */
function transposed({ path, fields }: Group): readonly Candidate[] {
  if (isRateLimit(path)) return [];
  const inside = fields.flatMap(([name, value]): readonly Found[] => {
    const outer = figureName(name);
    const role = outer?.role ?? (isWeaklyUsed(name) ? 'used' : null);
    if (outer === null || role === null || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const isDoubtful = outer.isDoubtful || outer.role === null;
    return Object.entries(value)
      .slice(0, MOST_FIELDS)
      .flatMap(([inner, raw]): readonly Found[] => {
        const read = isPlainName(inner) ? figureName(inner) : null;
        const number = numberIn(raw);
        if (read === null || number === undefined || (number === null && role !== 'total')) return [];
        const subject = [...outer.subject, ...read.subject];
        const own = read.isWeak ? role : (read.role ?? role);
        return [
          {
            ...read,
            path: [...path, { to: 'field', name }, { to: 'field', name: inner }],
            name: inner,
            value: number,
            role: own,
            isDoubtful,
            subject,
          },
        ];
      });
  });
  const subjects = grouped(inside, ({ subject }) => subjectKey(subject));
  return [...subjects].flatMap(([subject, group]) => {
    const isPair = new Set(group.map(({ role }) => role)).size > 1;
    return subject !== '' && (isPair || isCountable(group[0]?.subject ?? [])) ? (candidateOf(group, path) ?? []) : [];
  });
}

/** A figure belongs to one candidate: to the one with the most figures. */
function withoutRepeats(all: readonly Candidate[]): readonly Candidate[] {
  const taken = new Set<string>();
  return all
    .toSorted((a, b) => Object.keys(b.figures).length - Object.keys(a.figures).length)
    .filter(({ figures }) => {
      const paths = Object.values(figures).map(({ path }) => JSON.stringify(path));
      if (paths.some((path) => taken.has(path))) return false;
      for (const path of paths) taken.add(path);
      return true;
    });
}

/** `{ plan: { credits: 1000 }, usage: { credits: 5 } }`: joins a figure without a total and the nearest total of the same things. */
function joinedAcross(all: readonly Candidate[]): readonly Candidate[] {
  const totals = all.filter(({ figures }) => figures.total !== undefined && Object.keys(figures).length === 1);
  const joined = new Set<Candidate>();
  const complete = all.map((one) => {
    if (one.figures.total !== undefined) return one;
    const fitting = totals
      .filter((other) => !joined.has(other) && subjectKey(other.subject) === subjectKey(one.subject) && isBeside(other.path, one.path))
      .toSorted((a, b) => commonSteps(b.path, one.path) - commonSteps(a.path, one.path));
    const [total] = fitting;
    if (total === undefined || (one.subject.length === 0 && fitting.length > 1)) return one;
    joined.add(total);
    return { ...one, figures: { ...one.figures, ...total.figures }, isDoubtful: one.isDoubtful || total.isDoubtful };
  });
  return complete.filter((one) => !joined.has(one));
}

/** Whether two groups have no list between them: each entry has its own figures. */
function isBeside(a: AnswerPath, b: AnswerPath): boolean {
  const common = commonSteps(a, b);
  return [...a.slice(common), ...b.slice(common)].every(({ to }) => to === 'field') && a.length - common <= 2 && b.length - common <= 2;
}
