import { z } from 'zod';
import { presentable, splitName } from '../core/meters/meter.ts';
import type { Operations } from '../ports/inbound/operations.ts';
import { groupedDecimal } from '../core/meters/amount.ts';

const figure = z.union([z.number(), z.string()]);
const figuresSchema = z.object({
  meters: z.array(
    z.object({ source: z.string(), meter: z.string(), label: z.string(), used: figure, total: figure.nullable(), observedAt: z.string() }),
  ),
});
export type Figures = z.infer<typeof figuresSchema>['meters'];

/** Returns the latest figures of an account, as `usage --json` prints them. Empty if they cannot be read. */
export async function readFigures(operations: Operations, account: string | null): Promise<Figures> {
  const answer = await operations.answer({ account, user: 'import', text: '', strong: false, json: true, isRecorded: false });
  if (!answer.ok) return [];
  const parsed = figuresSchema.safeParse(JSON.parse(answer.value));
  return parsed.success ? parsed.data.meters : [];
}

/**
 * Returns a function that finds other sources with meters of the same names as the readings. If a file is imported to the wrong source,
 * each of its meters exists twice, with alerts for both.
 */
export function createSourceHint(known: Figures, source: string): (readings: readonly unknown[]) => readonly string[] {
  const others = new Map<string, Set<string>>();
  for (const one of known) {
    if (one.source === source) continue;
    for (const name of namesIn(one)) others.set(name, (others.get(name) ?? new Set()).add(one.source));
  }
  return (readings) => [...new Set(readings.flatMap(namesIn).flatMap((name) => [...(others.get(name) ?? [])]))];
}

const MOST_LINES = 50;

/**
 * Returns what an import changed, in lines to print: the latest figures of each meter of the source before and after, meters whose use
 * fell, and meters of the source that were not in the file.
 */
export function importChanges(
  before: Figures,
  after: Figures,
  source: string,
): { readonly changed: readonly string[]; readonly fell: readonly string[]; readonly missing: readonly string[] } {
  const known = new Map(before.filter((one) => one.source === source).map((one) => [one.meter, one]));
  const now = after.filter((one) => one.source === source);
  const moved = now.filter((one) => known.get(one.meter)?.observedAt !== one.observedAt);
  const changed = moved.flatMap((one) => {
    const old = known.get(one.meter);
    if (old && old.used === one.used && old.total === one.total) return [];
    return [`  ${nameOf(one)}: ${old ? `${written(old)} → ` : 'new, '}${written(one)}`];
  });
  const fell = moved.flatMap((one) => {
    const old = known.get(one.meter);
    return old && Number(one.used) < Number(old.used)
      ? [`  ${nameOf(one)} fell from ${groupedDecimal(old.used)} to ${groupedDecimal(one.used)}.`]
      : [];
  });
  const missing = moved.length === 0 ? [] : now.filter((one) => !moved.includes(one)).map(nameOf);
  return {
    changed: limited(changed),
    fell: limited(fell),
    missing: missing.length === 0 ? [] : [`  No newer figures of ${missing.slice(0, MOST_LINES).join(', ')}.`],
  };
}

/** Shortens a name so that it fits a line. */
function nameOf({ label }: Figures[number]): string {
  return presentable(label, 80);
}

function limited(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `  and ${String(lines.length - MOST_LINES)} more`];
}

function written({ used, total }: Figures[number]): string {
  return total === null ? `${groupedDecimal(used)} used` : `${groupedDecimal(used)} / ${groupedDecimal(total)}`;
}

/** Returns the names that a reading gives its meter, as key or label, in one spelling: `clay_credits` like `Clay Credits`. */
function namesIn(raw: unknown): readonly string[] {
  if (typeof raw !== 'object' || raw === null) return [];
  const names = ['meter' in raw ? raw.meter : null, 'label' in raw ? raw.label : null];
  return names.flatMap((name) => (typeof name === 'string' && plainName(name) !== '' ? [plainName(name)] : []));
}

function plainName(name: string): string {
  return splitName(name).join(' ');
}
