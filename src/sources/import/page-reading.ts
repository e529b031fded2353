import { LARGEST_AMOUNT } from '../../core/amount.ts';
import { MOST_DECIMALS } from '../../core/meter.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { meterNamed } from '../../core/vendors/recognise.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { Evidence } from '../../core/written/evidence.ts';
import { settleFigures } from '../../core/written/figures.ts';
import { roleOf, type Spoken } from '../../core/written/roles.ts';
import { isCountedThing } from './page-evidence.ts';
import type { Figures } from './page-figures.ts';
import type { AboutPage } from './page-lines.ts';
import { shortFraction } from '../../core/text-end.ts';

export type PageReading = {
  readonly meter: string;
  readonly label?: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly used: string;
  readonly total: string | null;
};

/**
 * Makes a reading of figures that have a name.
 *
 * @param source whose page it is; null where that is not known
 * @returns why not, in words that follow the line
 */
export function readingOf(
  name: string,
  figures: Figures,
  { source, about }: { readonly source: string | null; readonly about: AboutPage },
): Result<PageReading, string> {
  const labelled = figures.labelled.role === null ? roleOf(name.split(/\s+|(?=:)/), 'name') : figures.labelled;
  const role = roleIn(figures, labelled, about);
  if (role === null) return err('does not say surely whether its first figure is used or left: write "used" or "remaining" behind it');
  const settled = settle(figures, about);
  if (!settled.ok) return settled;
  const { first, total, rest, scale } = settled.value;
  if (role === 'remaining' && total === null) return err('says what is left, but not of how much');
  const used = role === 'remaining' ? (total ?? 0n) - first : first;
  if (used < 0n) return err(role === 'used' ? 'is below zero' : 'says that more is left than there is');
  if (rest !== null && total !== null && figures.rest !== null && (figures.rest.role === 'used' ? rest : total - rest) !== used)
    return err('has figures that do not add up');
  return ok(described(name, figures, { source, used: unscaled(used, scale), total: total === null ? null : unscaled(total, scale) }));
}

type Amounts = { readonly first: bigint; readonly total: bigint | null; readonly rest: bigint | null; readonly scale: number };

/** The figures in the unit of their meter, `scale` digits behind the point. */
function settle(figures: Figures, { evidence, groups }: AboutPage): Result<Amounts, string> {
  const written = (['first', 'total', 'rest'] as const).flatMap((field) => {
    const amount = figures[field];
    return amount === null ? [] : [{ field, number: amount.number }];
  });
  const settled = settleFigures(written, { evidence: withUnit(evidence, figures.unit), groups });
  if (!settled.ok) return err(`is not taken: ${settled.error.number.text} ${settled.error.why}: ${settled.error.instead}`);
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

/** Of tokens and credits nobody has 120 metres. */
function withUnit(evidence: Evidence, unit: string): Evidence {
  return isCountedThing(unit) ? { ...evidence, magnitudes: new Set([...evidence.magnitudes, 'M']) } : evidence;
}

/** What the first figure is. Null where that cannot be told: then it is not guessed. */
function roleIn({ spoken, rest }: Figures, labelled: Spoken, { saysUsed, saysRemaining }: AboutPage): 'used' | 'remaining' | null {
  if (spoken.doubts || labelled.doubts) return null;
  if (spoken.role !== null) {
    const isOpposed = labelled.role !== null && !labelled.perhaps && !spoken.perhaps && labelled.role !== spoken.role;
    return isOpposed || labelled.contradicts ? null : spoken.role;
  }
  // "5/10 free contacts": left, or of an allowance that costs nothing?
  if (labelled.contradicts || labelled.perhaps || spoken.perhaps) return null;
  if (labelled.role !== null) return labelled.role;
  // "1,614/1,000,000 (998,386 left)": the sum tells whether that is so.
  if (rest !== null) return rest.role === 'remaining' ? 'used' : 'remaining';
  return saysRemaining && !saysUsed ? null : 'used';
}

function described(
  name: string,
  { unit, first, total: whole }: Figures,
  { source, used, total }: { readonly source: string | null; readonly used: string; readonly total: string | null },
): PageReading {
  const vendor = source === null ? null : vendorOf(source);
  const key = vendor === null ? null : meterNamed(vendor, name);
  const currency = first.number.currency ?? whole?.number.currency ?? null;
  const counted = unit || (currency?.code ?? '');
  const digits = Math.max(currency?.decimals ?? 0, ...[used, total].map((one) => one?.split('.')[1]?.length ?? 0));
  const known = { ...(counted !== '' && { unit: counted }), used, total };
  if (key !== null) return { meter: key, ...known };
  return { meter: slug(name), label: name, ...(digits > 0 && { decimals: Math.min(digits, MOST_DECIMALS) }), ...known };
}

function scaled(decimal: string, scale: number): bigint {
  const isNegative = decimal.startsWith('-');
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const amount = BigInt(whole + fraction.padEnd(scale, '0'));
  return isNegative ? -amount : amount;
}

/** Without zeros at the end that say nothing; of money they are left, two of them at most. */
function unscaled(amount: bigint, scale: number): string {
  if (amount > LARGEST_AMOUNT || scale === 0) return amount.toString();
  const digits = amount.toString().padStart(scale + 1, '0');
  const fraction = shortFraction(digits.slice(-scale));
  return `${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `Apollo Contacts` as `apollo_contacts`. */
function slug(name: string): string {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .join('_');
}
