import type { MeterSelector } from '../meters/meter.ts';
import { vendors } from './registry.ts';
import type { Team } from './vendor.ts';

/**
 * The meters that a team usually wants: of each vendor with figures what its catalogue names. Before there are figures, of
 * every vendor in the catalogue; where none of the vendors is known, all.
 *
 * @param sources ids of the sources that have figures
 */
export function teamMeters(team: Team, sources: readonly string[]): MeterSelector {
  const known = vendors.filter(({ source }) => sources.length === 0 || sources.includes(source));
  const names = known.flatMap(({ source, teams }) => teams[team].map((key) => `${source}/${key}`));
  return names.length === 0 ? 'all' : names;
}
