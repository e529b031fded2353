import { LARGEST_AMOUNT } from '../../core/meters/amount.ts';
import { MOST_DECIMALS, splitName } from '../../core/meters/meter.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isMeterName, meterNamed } from '../../core/vendors/recognise.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';
import type { Evidence } from '../../core/text/numbers/evidence.ts';
import type { LineProblem } from '../../core/text/import-problem.ts';
import { settleFigures } from '../../core/text/numbers/figures.ts';
import { withoutRole } from '../../core/text/numbers/role-names.ts';
import { roleOf, type Role, type Spoken } from '../../core/text/numbers/roles.ts';
import { isCounted, isCountedThing } from './page-evidence.ts';
import { areNeutral, isPlainName, partsOfName, unknownBefore } from './page-plain.ts';
import { isOfTwoScales } from '../../core/text/numbers/magnitude.ts';
import { isTime } from '../../core/text/numbers/measure.ts';
import type { Around } from './page-context.ts';
import type { Figures } from './page-figures.ts';
import type { Share } from './page-tail.ts';
import type { AboutPage } from './page-lines.ts';
import { shortFraction } from '../../core/text/text-end.ts';

export type PageReading = {
  readonly meter: string;
  readonly label?: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** One of the two is there. */
  readonly used?: string;
  readonly remaining?: string;
  /** Null for an unlimited allowance; absent if the page does not say. */
  readonly total?: string | null;
};

/** A reading, and the words of its name that are not known, if only the convention for pairs says what its figures are. */
type Understood = { readonly reading: PageReading; readonly unknown: readonly string[] };

/**
 * Converts named figures to a reading.
 *
 * @param vendor the vendor of the page; null if unknown
 * @param around what the lines around the figures say
 * @returns the reading, or why the figures are not taken
 */
export function pageReading(
  name: string,
  figures: Figures,
  { vendor, about, around }: { readonly vendor: Vendor | null; readonly about: AboutPage; readonly around: Around | null },
): Result<Understood, LineProblem> {
  const labelled = figures.labelled.role === null ? roleOf(name.split(/\s+|(?=:)/), 'name') : figures.labelled;
  const settled = settle(name, figures, about);
  const proven = settled.ok ? both(provenBy(figures.shares, settled.value), provenByRest(figures.rest, settled.value)) : null;
  const pairsAre = vendor !== null && meterNamed(vendor, name) !== null ? vendor.page.pairsAre : 'used';
  const isPlain = isPlainPair(name, figures, { vendor, isUsage: around === 'used' || around === 'usage' });
  const role = roleIn(figures, labelled, proven, { ...about, around, pairsAre, isPlain });
  if (role === 'opposed') return err({ kind: 'sums-differ' });
  if (role === null) return err({ kind: 'unsure' });
  if (!settled.ok) return settled;
  const isMoney = [figures.first, figures.total].map((one) => one?.number.currency !== null);
  if (figures.total !== null && isMoney[0] !== isMoney[1] && isCountedThing(name)) return err({ kind: 'money-and-other' });
  const { first, total, scale } = settled.value;
  if (role === 'remaining' && total === null) return err({ kind: 'no-total' });
  const used = role === 'remaining' ? (total ?? 0n) - first : first;
  if (used < 0n) return err({ kind: role === 'used' ? 'negative' : 'more-left-than-total' });
  const reading = described(name, figures, { vendor, used: unscaled(used, scale), total: total === null ? null : unscaled(total, scale) });
  const isSaid = [figures.spoken.role, labelled.role, proven, around].some((one) => one !== null) || about.saysUsed;
  return ok({ reading, unknown: isSaid || isMeterName(name, vendor) ? [] : unknownBefore(name) });
}

type Amounts = { readonly first: bigint; readonly total: bigint | null; readonly rest: bigint | null; readonly scale: number };

/** Converts the figures to the unit of their meter, with `scale` decimals. */
function settle(name: string, figures: Figures, { evidence, groups, isEnglish }: AboutPage): Result<Amounts, LineProblem> {
  const written = (['first', 'total', 'rest'] as const).flatMap((field) => {
    const amount = figures[field];
    return amount === null ? [] : [{ field, number: amount.number }];
  });
  const unclear = isEnglish ? undefined : written.find(({ number }) => isOfTwoScales(number.magnitude));
  if (unclear !== undefined) {
    const { text, magnitude } = unclear.number;
    return err({ kind: 'bad-number', number: text, problem: { code: 'unclear-magnitude', magnitude } });
  }
  const settled = settleFigures(written, { evidence: withUnit(evidence, `${name} ${figures.unit}`), groups });
  if (!settled.ok) return err({ kind: 'bad-number', number: settled.error.number.text, problem: settled.error.problem });
  const { values } = settled.value;
  const scale = Math.max(...Object.values(values).map((one) => one.split('.')[1]?.length ?? 0));
  const amountOf = (field: 'first' | 'total' | 'rest') => {
    const [value, amount] = [values[field], figures[field]];
    return value === undefined || amount === null ? null : scaled(value, scale) * amount.factor;
  };
  const first = amountOf('first');
  if (first === null) throw new Error('settled figures lack the first');
  return ok({ first, total: amountOf('total'), rest: amountOf('rest'), scale });
}

/** Tokens and credits are not measured in metres: 120m is 120 million. */
function withUnit(evidence: Evidence, unit: string): Evidence {
  return isCountedThing(unit) ? { ...evidence, magnitudes: new Set([...evidence.magnitudes, 'M']) } : evidence;
}

type Proven = 'used' | 'remaining' | 'either' | 'neither';

/**
 * Returns the meaning of the first figure by the percentages: 850 of 1,000 with 15% left means used. A percentage is rounded in any
 * direction, so it may be off by one in its last digit. Returns null without a percentage or a total.
 */
function provenBy(shares: readonly Share[], { first, total }: Amounts): Proven | null {
  if (shares.length === 0 || total === null || total === 0n) return null;
  const fits = (used: bigint) =>
    shares.every(({ number, role }) => {
      const written = number.by.point ?? number.by.comma ?? '';
      const digits = written.split('.')[1]?.length ?? 0;
      const off = scaled(written, digits) * total - (role === 'used' ? used : total - used) * 100n * 10n ** BigInt(digits);
      return off < total && off > -total;
    });
  const [asUsed, asRemaining] = [fits(first), fits(total - first)];
  // A percentage near one half fits both.
  if (asUsed && asRemaining) return first * 2n === total ? 'either' : null;
  return asUsed ? 'used' : asRemaining ? 'remaining' : 'neither';
}

/** Returns the meaning of the first figure by a third: of 1,614/1,000,000 with 998,386 left, what is used. */
function provenByRest(third: Figures['rest'], { first, total, rest }: Amounts): Proven | null {
  if (third === null || rest === null || total === null) return null;
  const used = third.role === 'used' ? rest : total - rest;
  const [asUsed, asRemaining] = [used === first, used === total - first];
  if (asUsed && asRemaining) return 'either';
  return asUsed ? 'used' : asRemaining ? 'remaining' : 'neither';
}

function both(a: Proven | null, b: Proven | null): Proven | null {
  return a === null || b === null || a === b ? (a ?? b) : 'neither';
}

/** Returns the meaning of the first figure; null if it is unclear, because it is never guessed. */
function roleIn(
  { spoken }: Figures,
  labelled: Spoken,
  proven: Proven | null,
  {
    saysUsed,
    saysRemaining,
    around,
    pairsAre,
    isPlain,
  }: Pick<AboutPage, 'saysUsed' | 'saysRemaining'> & {
    readonly around: Around | null;
    readonly pairsAre: Role;
    readonly isPlain: boolean;
  },
): 'used' | 'remaining' | 'opposed' | null {
  if (proven === 'neither') return 'opposed';
  if (spoken.doubts || labelled.doubts) return null;
  if (proven === 'used' || proven === 'remaining') {
    const said = spoken.role !== null && !spoken.perhaps ? spoken.role : labelled.perhaps ? null : labelled.role;
    return said === null || said === proven ? proven : 'opposed';
  }
  if (spoken.role !== null) {
    const isOpposed = labelled.role !== null && !labelled.perhaps && !spoken.perhaps && labelled.role !== spoken.role;
    return isOpposed || labelled.contradicts ? null : spoken.role;
  }
  // "5/10 free contacts" may mean remaining, or a free allowance.
  if (labelled.contradicts) return null;
  if (proven === null && (labelled.perhaps || spoken.perhaps)) return null;
  if (labelled.role !== null && !labelled.perhaps) return labelled.role;
  // At exactly half, used and remaining are the same.
  if (proven !== null) return 'used';
  if (!isPlain || (around !== null && around !== 'usage' && around !== pairsAre)) return null;
  const [same, other] = pairsAre === 'used' ? [saysUsed, saysRemaining] : [saysRemaining, saysUsed];
  return other && !same ? null : pairsAre;
}

/** Whether a pair without a word for its meaning is only a name, figures and a unit, so that the convention for such pairs applies. */
function isPlainPair(
  name: string,
  { isSentence, label, before, beside, unit, first, total }: Figures,
  { vendor, isUsage }: { readonly vendor: Vendor | null; readonly isUsage: boolean },
): boolean {
  const key = vendor === null ? null : meterNamed(vendor, name);
  const known = new Set(
    [...partsOfName(name), ...partsOfName(key === null ? '' : (vendor?.meters[key]?.unit ?? ''))].map((word) => word.toLowerCase()),
  );
  if (isSentence || !areNeutral(beside, known)) return false;
  // "24/7" is no figure, and so many calls in 60 seconds are a rate.
  if ((isTime(unit) && isCounted(name, '') && !isTime(name)) || isAroundTheClock(first, total)) return false;
  if (isMeterName(name, vendor)) return areNeutral(before, known);
  return isPlainName(label === name ? before.join(' ') : name, isUsage);
}

/** 24/7 */
function isAroundTheClock(first: Figures['first'], total: Figures['total']): boolean {
  return first.number.text === '24' && total?.number.text === '7';
}

function described(
  name: string,
  { unit, first, total: whole }: Figures,
  { vendor, used, total }: { readonly vendor: Vendor | null; readonly used: string; readonly total: string | null },
): PageReading {
  const own = withoutRole(name);
  const key = vendor === null ? null : (meterNamed(vendor, name) ?? meterNamed(vendor, own));
  const currency = first.number.currency ?? whole?.number.currency ?? null;
  const counted = unit || (currency?.code ?? '');
  const digits = Math.max(currency?.decimals ?? 0, ...[used, total].map((one) => one?.split('.')[1]?.length ?? 0));
  const known = { ...(counted !== '' && { unit: counted }), used, total };
  if (key !== null) return { meter: key, ...known };
  return { meter: slug(own), label: own, ...(digits > 0 && { decimals: Math.min(digits, MOST_DECIMALS) }), ...known };
}

function scaled(decimal: string, scale: number): bigint {
  const isNegative = decimal.startsWith('-');
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const amount = BigInt(whole + fraction.padEnd(scale, '0'));
  return isNegative ? -amount : amount;
}

/** Removes trailing zeros. Amounts of money keep up to two. */
function unscaled(amount: bigint, scale: number): string {
  if (amount > LARGEST_AMOUNT || scale === 0) return amount.toString();
  const digits = amount.toString().padStart(scale + 1, '0');
  const fraction = shortFraction(digits.slice(-scale));
  return `${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `Apollo Contacts` becomes `apollo_contacts`. */
function slug(name: string): string {
  return splitName(name).join('_');
}
