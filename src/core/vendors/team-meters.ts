import type { MeterSelector } from '../meters/meter.ts';
import { vendors } from './registry.ts';
import type { Team } from './vendor.ts';

/**
 * Returns the usual meters of a team, for each known vendor with figures; before there are figures, for every known vendor. All meters
 * if no vendor is known.
 *
 * @param sources ids of the sources that have figures
 */
export function teamMeters(team: Team, sources: readonly string[]): MeterSelector {
  const known = vendors.filter(({ source }) => sources.length === 0 || sources.includes(source));
  const names = known.flatMap(({ source, teams }) => (teams?.[team] ?? []).map((key) => `${source}/${key}`));
  return names.length === 0 ? 'all' : names;
}
