import { z } from 'zod';
import { withoutRole } from '../text/numbers/role-names.ts';
import type { Meter } from '../meters/meter.ts';
import { canonicalMeter, describeMeter } from './describe.ts';

/** What a meter is called. */
export type NamedMeter = Pick<Meter, 'key' | 'label' | 'aliases'>;

const namedReading = z.looseObject({ meter: z.string(), label: z.string().optional() });

/**
 * Gives pasted readings the key of the meter of their source that has one of their names as its key, label or alias: a page says "Leads",
 * and creditwatch.yml calls that meter `lead_credits`. A reading keeps its key if a meter has this key, if several meters have the name, or
 * if two names of the readings would become one meter.
 */
export function withKnownKeys(source: string, readings: readonly unknown[], meters: readonly NamedMeter[]): readonly unknown[] {
  const keys = new Set(meters.map(({ key }) => key));
  const byName = namesOf(meters, plain);
  // A page names "Email credits remaining" without what is said about it.
  const byBareName = namesOf(meters, (name) => plain(withoutRole(name)));

  const meant = new Map<string, string>();
  const named = readings.map((raw) => namedReading.safeParse(raw).data ?? null);
  for (const reading of named) {
    if (reading === null || meant.has(reading.meter)) continue;
    const key = canonicalMeter(source, reading.meter.trim());
    const names = [key, reading.label ?? describeMeter(source, key, {}).label].map(plain);
    const found = [byName, byBareName].map((known) => new Set(names.flatMap((name) => (name === '' ? [] : [...(known.get(name) ?? [])]))));
    const [only, ...others] = found.find(({ size }) => size > 0) ?? [];
    meant.set(reading.meter, keys.has(key) || only === undefined || others.length > 0 ? key : only);
  }
  const times = new Map<string, number>();
  for (const key of meant.values()) times.set(key, (times.get(key) ?? 0) + 1);
  return readings.map((raw, index) => {
    const reading = named[index];
    const key = reading ? meant.get(reading.meter) : undefined;
    return reading == null || key === undefined || times.get(key) !== 1 ? raw : { ...reading, meter: key };
  });
}

/** The keys of the meters by their names, as `written` gives them. */
function namesOf(meters: readonly NamedMeter[], written: (name: string) => string): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { key, label, aliases } of meters)
    for (const name of [key, label, ...aliases].map(written)) keys.set(name, (keys.get(name) ?? new Set()).add(key));
  return keys;
}

/** A name without capitals, spaces and punctuation. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
