/**
 * The demo's readings: the six Abmatic AI meters with a plausible history. Five end at real figures of that vendor's usage
 * page; Apollo Contacts ends over 80 %, so that there is an alert to see.
 */
export type SampleReading = { readonly meter: string; readonly used: string; readonly total: string; readonly observedAt: string };

type SampleMeter = {
  readonly meter: string;
  readonly used: number;
  readonly total: number;
  /** The share of the present figure that the previous month closed at. */
  readonly before: number;
  /** Share of a working day's use that happens on a Saturday or Sunday. */
  readonly weekend: number;
};

const METERS: readonly SampleMeter[] = [
  { meter: 'apollo_contacts', used: 803_412, total: 1_000_000, before: 0.79, weekend: 0.1 },
  { meter: 'campaigns', used: 494_936, total: 1_000_000_000, before: 1.1, weekend: 0.6 },
  { meter: 'open_ai', used: 4_984_062, total: 1_500_000_000, before: 0.9, weekend: 0.3 },
  { meter: 'abmatic_accounts', used: 24_171, total: 4_000_000, before: 1.2, weekend: 0.1 },
  { meter: 'abmatic_contacts', used: 40_982, total: 20_000_000, before: 0.7, weekend: 0.1 },
  { meter: 'abmatic_ip_reveal', used: 379_180, total: 100_000_000, before: 1, weekend: 0.8 },
];

const STEP_MS = 6 * 60 * 60_000;

/** Readings every six hours since the first of the previous month (UTC), and the present figures at `now`. */
export function sampleReadings(now: Date): readonly SampleReading[] {
  const month = (offset: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1);
  return METERS.flatMap((sample) => [
    ...risingTo(sample, Math.round(sample.used * sample.before), month(-1), month(0) - STEP_MS),
    ...risingTo(sample, sample.used, month(0), now.getTime()),
  ]);
}

/** Use grows with working time and ends exactly at `used`. */
function risingTo({ meter, total, weekend }: SampleMeter, used: number, start: number, end: number): SampleReading[] {
  const instants: number[] = [];
  for (let at = start; at < end; at += STEP_MS) instants.push(at);
  instants.push(end);
  let sum = 0;
  const worked = instants.map((at, index) => {
    const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
    if (index > 0) sum += (at - (instants[index - 1] ?? at)) * (isWeekend ? weekend : 1);
    return sum;
  });
  return instants.map((at, index) => ({
    meter,
    used: String(index === instants.length - 1 ? used : Math.floor((used * (worked[index] ?? 0)) / (sum || 1))),
    total: String(total),
    observedAt: new Date(at).toISOString(),
  }));
}
