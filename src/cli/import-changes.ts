import { z } from 'zod';
import { splitName } from '../core/meters/meter.ts';
import type { ImportChanges } from '../messages/replies/import-report.ts';
import type { Operations } from '../ports/inbound/operations.ts';
import { currentOperator } from './current-operator.ts';

const figure = z.union([z.number(), z.string()]);
const figuresSchema = z.object({
  meters: z.array(
    z.object({ source: z.string(), meter: z.string(), label: z.string(), used: figure, total: figure.nullable(), observedAt: z.string() }),
  ),
});
export type Figures = z.infer<typeof figuresSchema>['meters'];

/** Returns the latest figures of an account, as `usage --json` prints them. Empty if they cannot be read. */
export async function readFigures(operations: Operations, account: string | null): Promise<Figures> {
  const answer = await operations.answer({ account, actor: currentOperator(), text: '', strong: false, json: true, isRecorded: false });
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

/**
 * Returns what an import changed: the latest figures of each meter of the source before and after, meters whose use fell, and meters of the
 * source that were not in the file.
 */
export function importChanges(before: Figures, after: Figures, source: string): ImportChanges {
  const known = new Map(before.filter((one) => one.source === source).map((one) => [one.meter, one]));
  const now = after.filter((one) => one.source === source);
  const moved = now.filter((one) => known.get(one.meter)?.observedAt !== one.observedAt);
  const pairs = moved.map((one) => ({ label: one.label, before: known.get(one.meter) ?? null, after: one }));
  return {
    changed: pairs.filter(({ before: old, after: one }) => old?.used !== one.used || old.total !== one.total),
    fell: pairs.flatMap(({ label, before: old, after: one }) =>
      old !== null && Number(one.used) < Number(old.used) ? [{ label, from: old.used, to: one.used }] : [],
    ),
    missing: moved.length === 0 ? [] : now.filter((one) => !moved.includes(one)).map(({ label }) => label),
  };
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
