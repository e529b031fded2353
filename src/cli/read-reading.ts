import type { PolledSourceConfig } from '../config/config.ts';
import { completeReading } from '../core/meters/complete-reading.ts';
import { draftReading, knownTotalOf, leftAlone, type Reading } from '../core/meters/reading.ts';
import { err, ok, type Result } from '../core/result.ts';
import { describeMeter } from '../core/vendors/describe.ts';
import { readingProblemText } from '../messages/text/reading-problem.ts';
import { figure } from '../queries/overview-json.ts';
import { systemClock } from '../app/system-clock.ts';

/** A reading as it would be stored, with its meter. */
export type Understood = { readonly key: string; readonly meter: ReturnType<typeof describeMeter>; readonly reading: Reading };

/** Reads what a poll found for one meter, as the service would. The error names the meter. */
export function readReading(
  raw: unknown,
  { timeZone }: { readonly timeZone: string },
  source: PolledSourceConfig,
): Result<Understood, string> {
  const draft = draftReading(raw, systemClock.now());
  if (!draft.ok) return err(`${keyOf(raw)}: ${readingProblemText(draft.error)}`);
  const { meter: key, details } = draft.value;
  const meter = describeMeter(source.id, key, { ...details, ...source.meters[key] });
  const reading = completeReading(draft.value, {
    decimals: meter.decimals,
    cuts: true,
    lastTotal: undefined,
    statedTotal: null,
    periodSpec: source.period,
    timeZone,
  });
  if (!reading.ok) return err(`${key}: ${readingProblemText(reading.error)}`);
  return ok({ key, meter, reading: reading.value });
}

/** A reading in JSON, as `try --json` prints it. */
export function readingJson({ key, meter: { label, unit, decimals }, reading }: Understood): object {
  const { used, observedAt, period } = reading;
  const [total, left] = [knownTotalOf(reading), leftAlone(reading)];
  return {
    meter: key,
    label,
    unit,
    used: left === null ? figure(used, decimals) : null,
    remaining: left === null ? (total === null ? null : figure(total - used, decimals)) : figure(left, decimals),
    total: total === null ? null : figure(total, decimals),
    observedAt: observedAt.toISOString(),
    period: period && { start: period.start.toISOString(), end: period.end.toISOString() },
  };
}

/** Returns the key of the meter of a reading that was not checked yet. */
export function keyOf(raw: unknown): string {
  return typeof raw === 'object' && raw !== null && 'meter' in raw ? String(raw.meter) : 'a meter';
}
