import { compareUnits } from '../../core/text/numbers/measure.ts';
import { isHelpingWord, isRoleWord, roleOf } from '../../core/text/numbers/roles.ts';
import type { Figures } from './page-figures.ts';
import type { Found, Line } from './page-lines.ts';
import { saysOnlyWhat } from './page-names.ts';
import { isOfShortPeriod } from './page-periods.ts';
import { partsOfName, plainOf } from './page-plain.ts';
import { unitIn, type Share } from './page-tail.ts';
import { CURRENT, OTHER_FIGURES, PERIODS } from './page-vocabulary.ts';

type Stated = { readonly share: Share } | { readonly rest: NonNullable<Figures['rest']> };

/**
 * Adds to figures without a word for their meaning what the lines below them state: "1,600 / 2,000", then "400 used" or "20% used". It
 * proves which of the two the first figure is, or that they contradict each other.
 *
 * @returns the figures, and the lines that state something
 */
export function withStated(
  lines: readonly Line[],
  found: readonly Found[],
): { readonly found: readonly Found[]; readonly stating: ReadonlySet<Line> } {
  const indexOf = new Map(lines.map((line, index) => [line, index]));
  const stating = new Set<Line>();
  const all = found.map((one, nth) => {
    const { line, name, figures } = one;
    const isLast = found[nth + 1]?.line !== line;
    const isSilent = figures.spoken.role === null && figures.labelled.role === null && roleOf(name.split(/\s+/u), 'name').role === null;
    if (!isLast || !isSilent || figures.rest !== null || figures.shares.length > 0) return one;
    const shares: Share[] = [];
    let rest: Figures['rest'] = null;
    for (let at = (indexOf.get(line) ?? lines.length) + 1; at < lines.length; at++) {
      const below = lines[at];
      if (below === undefined || below.figures.length > 0) break;
      const stated = statedBy(below, name, figures);
      if (stated === null) {
        if (isBetween(below)) continue;
        break;
      }
      stating.add(below);
      if ('share' in stated) shares.push(stated.share);
      else rest ??= stated.rest;
    }
    return { ...one, figures: { ...figures, shares, rest } };
  });
  return { found: all, stating };
}

/** What a line says about the figures above it: a number with a word for its meaning, and no word that names something else. */
function statedBy({ tokens }: Line, name: string, { unit, first }: Figures): Stated | null {
  const [value, ...others] = tokens.filter(({ kind }) => kind === 'number');
  if (value?.kind !== 'number' || value.number === null || others.length > 0) return null;
  const at = tokens.indexOf(value);
  const [before, behind] = [tokens.slice(0, at), tokens.slice(at + 1)].map((side) =>
    side.flatMap(({ kind, text }) => (kind === 'word' ? [text] : [])),
  );
  if (before === undefined || behind === undefined || (before.length > 0 && !saysOnlyWhat(before.join(' ')))) return null;
  const known = new Set([...partsOfName(name), ...partsOfName(unit)].map(plainOf));
  const words = [...before, ...behind];
  if (!words.every((word) => isAboutFigures(plainOf(word), known)) || isOfShortPeriod('', { unit: '', behind: words })) return null;
  const { role, perhaps, contradicts, doubts } = roleOf(words);
  if (role === null || perhaps || contradicts || doubts) return null;
  if (value.isShare) return { share: { number: value.number, role } };
  const isSameKind = value.number.currency?.code === first.number.currency?.code;
  const units = compareUnits(unit.split(' ').filter(Boolean), unitIn(behind));
  return isSameKind && units.kind === 'same' ? { rest: { number: value.number, role, factor: first.factor } } : null;
}

function isAboutFigures(word: string, known: ReadonlySet<string>): boolean {
  return isRoleWord(word) || isHelpingWord(word) || known.has(word) || CURRENT.has(word) || PERIODS.has(word) || word === 'total';
}

/** Whether a line is no name and does not end what is said about figures: "20%", "Resets on 1 December". */
function isBetween({ text, tokens }: Line): boolean {
  return !/\p{L}/u.test(text) || OTHER_FIGURES.has(plainOf(tokens[0]?.text ?? ''));
}
