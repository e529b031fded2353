import { say, when, type Phrase } from './phrase.ts';

/** `As of 08:58` when all figures are of that minute, else from when on they are; null of none. */
export function asOfPhrase(observed: readonly Date[]): Phrase | null {
  if (observed.length === 0) return null;
  const minutes = new Set(observed.map((at) => Math.floor(at.getTime() / 60_000)));
  return say`As of ${when(new Date(Math.min(...observed.map((at) => at.getTime()))))}${minutes.size === 1 ? '' : ' or later'}`;
}
