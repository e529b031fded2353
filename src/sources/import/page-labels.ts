import { roleOf } from '../../core/text/numbers/roles.ts';
import { isMeterName, isVendorName } from '../../core/vendors/recognise.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';
import { canBeName, holdsFigure, isCounted } from './page-evidence.ts';
import { isUnlimited } from './page-figures.ts';
import type { Line } from './page-lines.ts';
import { saysOnlyWhat } from './page-names.ts';
import { saysUsage, partsOfName } from './page-plain.ts';
import { SECTIONS } from './page-vocabulary.ts';

/** Figures without a name on their line, the lines next to them that may be their name, and the empty lines up and down to these. */
type NamelessFigures = {
  readonly line: Line;
  above: Line | null;
  next: Line | null;
  isNextAbove: boolean;
  isInColumn: boolean;
  texts: number;
  up: number;
  down: number;
};

/**
 * Finds the figures of which the page does not show whether their name is the line above or the line below, and rows of figures below a
 * row of names.
 */
export function unclearLabels(lines: readonly Line[], vendor: Vendor | null): ReadonlySet<Line> {
  const unclear = new Set<Line>();
  for (const run of runsOf(lines)) {
    const isClear = isAbove(run, vendor);
    for (const { line, isInColumn } of run) if (!isClear || isInColumn) unclear.add(line);
  }
  for (const [index, line] of lines.entries()) {
    const isRow =
      line.figures.slice(1).some((one) => !one.ok || isNameless(one.value.label)) || /\t| {2}/.test(lines[index - 1]?.text ?? '');
    if (isRow && beginsWithFigures(line)) unclear.add(line);
  }
  return unclear;
}

/** Splits the figures without a name into runs: one line of text is between two of a run. */
function runsOf(lines: readonly Line[]): readonly (readonly NamelessFigures[])[] {
  const runs: NamelessFigures[][] = [];
  let before: 'text' | 'figures' | 'other' = 'other';
  let above: Line | null = null;
  let isOnlyText = false;
  let empty = 0;
  let texts = 0;
  for (const [index, line] of lines.entries()) {
    const gap = line.nth - (lines[index - 1]?.nth ?? 0) - 1;
    empty = before === 'other' ? gap : empty + gap;
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (isDetail(line)) continue;
    if (beginsWithFigures(line)) {
      // Further figures below belong to the same name.
      if (before === 'figures') {
        if (last !== undefined && isColumn(last, line, gap)) last.isInColumn = true;
        continue;
      }
      const isShared = run !== undefined && last !== undefined && before === 'text' && isOnlyText;
      const figures: NamelessFigures = { line, above, next: null, isNextAbove: false, isInColumn: false, texts, up: empty, down: 0 };
      // An empty line shows which of the two the text between them names.
      if (isShared && last.down > empty) last.next = null;
      if (isShared && last.down < empty) figures.above = null;
      if (isShared && last.next !== null && figures.above !== null) run.push(figures);
      else runs.push([figures]);
      before = 'figures';
      above = null;
      empty = 0;
      texts = 0;
    } else if (isText(line)) {
      if (before === 'figures' && last !== undefined) {
        last.next = line;
        last.down = empty;
      }
      isOnlyText = before === 'figures';
      texts += 1;
      before = 'text';
      above = line;
      empty = 0;
    } else {
      // A line that has other figures below is rather their heading.
      if (before === 'text' && isOnlyText && last !== undefined) last.isNextAbove = line.figures.length > 0;
      before = 'other';
      above = null;
      texts = 0;
    }
  }
  return runs;
}

/** Whether figures directly below others may belong to another of the names above: a column of names, then one of figures. */
function isColumn({ line, texts }: NamelessFigures, below: Line, gap: number): boolean {
  const [first] = line.figures;
  const said = first?.ok === true ? first.value.spoken.role : null;
  const { role } = roleOf(below.tokens.flatMap(({ kind, text }) => (kind === 'word' ? [text] : [])));
  if (said !== null && role !== null && said !== role) return false;
  if (texts > 1 && line.figures.length > 0 && below.figures[0]?.ok === true) return true;
  return texts > 1 && gap === 0 && role === null;
}

/** Whether the names of a run are surely the lines above its figures. */
function isAbove(run: readonly NamelessFigures[], vendor: Vendor | null): boolean {
  const [first, last] = [run[0]?.above ?? null, run.at(-1)?.next ?? null];
  if (last === null) return true;
  if (first === null) return false;
  const [up, down] = [run.map((one) => one.up), run.map((one) => one.down)];
  if (Math.max(...up) < Math.min(...down)) return true;
  if (Math.min(...up) > Math.max(...down)) return false;
  const [above, below] = [sureness(first, vendor), run.at(-1)?.isNextAbove === true ? 0 : sureness(last, vendor)];
  if (above !== below) return above > below;
  return above === 0 && !isSection(first.text) && !isVendorName(first.text, vendor);
}

/** How surely a text is the name of a meter. */
function sureness({ text }: Line, vendor: Vendor | null): number {
  return isMeterName(text, vendor) ? 2 : isCounted(text, '') ? 1 : 0;
}

/** "Usage", "Billing and usage": a heading, and no name of a meter. */
function isSection(text: string): boolean {
  return partsOfName(text).every((word) => SECTIONS.has(word.toLowerCase()) || saysUsage([word]));
}

function isNameless(label: string): boolean {
  return label === '' || saysOnlyWhat(label);
}

/** Whether a line begins with figures: their name, if there is one, is on another line. */
function beginsWithFigures({ figures, tokens }: Line): boolean {
  const [first] = figures;
  if (first?.ok === true) return isNameless(first.value.label) && !first.value.isSentence;
  const [begin] = tokens;
  return begin !== undefined && (begin.kind === 'number' || (tokens.length === 1 && isUnlimited(begin.text)));
}

/** "34%", "Remaining": it belongs to the figures beside it. */
function isDetail({ text, tokens }: Line): boolean {
  return saysOnlyWhat(text) || (tokens.length === 1 && tokens[0]?.kind === 'number' && tokens[0].isShare);
}

function isText(line: Line): boolean {
  return line.figures.length === 0 && /\p{L}/u.test(line.text) && canBeName(line.tokens) && !holdsFigure(line.tokens);
}
