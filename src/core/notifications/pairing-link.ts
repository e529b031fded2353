import { minutesOf } from '../time/schedule.ts';
import type { Route } from './route.ts';

/** When a page is captured each day: a time on a clock, and its IANA time zone. */
export type CaptureTime = { readonly at: string; readonly zone: string };

const WITHOUT_DIGEST = '08:00';
const BEFORE_MINUTES = 60;
const DAY_MINUTES = 24 * 60;

/** Returns the time of the daily capture: an hour before the earliest digest of an account, so that the digest has new figures. */
export function captureTime(routes: readonly Pick<Route, 'digest' | 'timeZone'>[], timeZone: string): CaptureTime {
  const [first] = routes
    .flatMap(({ digest, timeZone: zone }) => (digest === null ? [] : [{ minutes: minutesOf(digest.at), zone: zone ?? timeZone }]))
    .toSorted((a, b) => a.minutes - b.minutes);
  if (first === undefined) return { at: WITHOUT_DIGEST, zone: timeZone };
  const minutes = (first.minutes - BEFORE_MINUTES + DAY_MINUTES) % DAY_MINUTES;
  return { at: `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`, zone: first.zone };
}

const twoDigits = (number: number) => String(number).padStart(2, '0');

/**
 * Returns the link that gives a capture key to a browser. All of it is in the fragment, which a browser sends to no server.
 *
 * @param pages each source with the address of its usage page; null if it is unknown
 */
export function pairingLink(
  address: string,
  {
    key,
    pages,
    time,
  }: {
    readonly key: string;
    readonly pages: readonly { readonly source: string; readonly page: string | null }[];
    readonly time: CaptureTime;
  },
): string {
  const fragment = new URLSearchParams({ key });
  for (const { source, page } of pages) {
    fragment.append('source', source);
    fragment.append('page', page ?? '');
  }
  fragment.append('at', time.at);
  fragment.append('zone', time.zone);
  return `${address}/capture#${fragment.toString()}`;
}
