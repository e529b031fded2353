import { z } from 'zod';
import { formatAmount } from '../../core/meters/amount.ts';
import { completeReading } from '../../core/meters/complete-reading.ts';
import { draftReading } from '../../core/meters/reading.ts';
import type { MeterFigures } from '../../core/status/meter-status.ts';
import { canonicalMeter, describeMeter } from '../../core/vendors/describe.ts';
import { readingProblemText } from '../../messages/text/reading-problem.ts';

/**
 * A figure of a page, as people see it: amounts with separators. `used`: null if the page only says what is left (`left`), and no total.
 * `total`: null if it is unlimited or unknown.
 */
type UnderstoodFigure = {
  readonly meter: string;
  readonly label: string;
  readonly used: string | null;
  readonly left: string | null;
  readonly total: string | null;
  readonly unit: string;
};

/**
 * What one reading of a page means, and the key of the meter that it is stored for; or why it cannot be stored. By its index. The answer
 * does not have the key, because a capture key must not read the names of meters.
 */
export type UnderstoodReading =
  { readonly index: number; readonly key: string; readonly figure: UnderstoodFigure } | { readonly index: number; readonly reason: string };

const named = z.object({ meter: z.string() });

/**
 * Explains the readings of a page without storing them. The checks are those of the ingest, except for the limit on the meters of an
 * account, which only the ingest knows. No stored name, amount or unit is used, because a capture key must not read any.
 *
 * @param shown the readings with the names of the page
 * @param parts.stored the same readings with the keys of their meters
 * @param parts.known the meters of the source that have figures
 */
export function understoodReadings(
  shown: readonly unknown[],
  parts: {
    readonly source: string;
    readonly stored: readonly unknown[];
    readonly known: readonly MeterFigures[];
    readonly now: Date;
  },
): readonly UnderstoodReading[] {
  const { source, stored, known, now } = parts;
  const byKey = new Map(known.map((one) => [one.meter.key, one]));
  return shown.map((raw, index): UnderstoodReading => {
    const draft = draftReading(raw, now);
    if (!draft.ok) return { index, reason: readingProblemText(draft.error) };
    const meter = canonicalMeter(source, draft.value.meter);
    const key = canonicalMeter(source, named.safeParse(stored[index]).data?.meter ?? meter);
    const { label, unit, ...described } = describeMeter(source, meter, draft.value.details);
    const decimals = byKey.get(key)?.meter.decimals ?? described.decimals;
    const complete = completeReading(draft.value, {
      decimals,
      cuts: false,
      lastTotal: undefined,
      statedTotal: null,
      periodSpec: null,
      timeZone: 'UTC',
    });
    if (!complete.ok) return { index, reason: readingProblemText(complete.error) };
    const { used, total, isTotalUnknown } = complete.value;
    const { used: sentUsed, total: sentTotal, remaining } = draft.value;
    // If only what is left was sent, `used` and `total` are derived from it, and their difference is what was sent.
    const isLeftAlone = sentUsed === undefined && sentTotal === undefined && remaining !== undefined;
    const figure = isLeftAlone
      ? { used: null, left: formatAmount((total ?? 0n) - used, decimals), total: null }
      : { used: formatAmount(used, decimals), left: null, total: total === null || isTotalUnknown ? null : formatAmount(total, decimals) };
    return { index, key, figure: { meter, label, ...figure, unit } };
  });
}
