import { setImmediate as otherWork } from 'node:timers/promises';
import { completeNotice } from '../../core/meters/complete-notice.ts';
import { completeReading, type ReadingDefaults } from '../../core/meters/complete-reading.ts';
import { isUntaken } from '../../core/meters/mail.ts';
import { followReading, type CurrentReading } from '../../core/meters/follow-reading.ts';
import { readingProblemText } from '../../messages/text/reading-problem.ts';
import type { DraftReading, Reading } from '../../core/meters/reading.ts';
import type { MeterState } from '../../core/alerts/evaluate.ts';
import type { IngestReport, IngestRequest } from '../../ports/inbound/ingest.ts';
import type { IngestTransaction, NewReading } from '../../ports/stores/ingest-store.ts';
import { startDeciding, type Decided, type DecidingBy } from './decide.ts';

/** A valid reading, with the submission and the index it came from. */
export type IndexedDraft = { readonly of: IngestRequest; readonly index: number; readonly draft: DraftReading };
export type SubmittedReading = NewReading & { readonly of: IngestRequest };
export type RefusedReading = { readonly of: IngestRequest } & IngestReport['rejected'][number];

/**
 * The rows per write. While one part is written, the part before it is evaluated and the next is prepared. The first part is small
 * because the database waits for it; each further part costs a round trip.
 */
const FIRST_ROWS = 500;
const ROWS_AT_ONCE = 10_000;
/** After this many evaluations, other work gets a turn: Slack expects an answer within three seconds. */
const DECIDED_AT_A_STRETCH = 1_000;

/**
 * Completes readings, stores them, and evaluates those that were new. Evaluation and database writes overlap.
 *
 * @param drafts in the order of observation
 */
export async function storeAndEvaluate(
  drafts: readonly IndexedDraft[],
  meters: ReadonlyMap<string, MeterState>,
  transaction: IngestTransaction,
  {
    cuts,
    by,
    whyNot,
  }: {
    readonly cuts: boolean;
    readonly by: DecidingBy<SubmittedReading>;
    /** Why a meter was not opened; null if it was. */
    readonly whyNot: (meter: string) => string | null;
  },
): Promise<{
  readonly added: readonly SubmittedReading[];
  readonly refused: readonly RefusedReading[];
  readonly decided: readonly Decided[];
}> {
  const hasNotices = drafts.some(({ draft }) => draft.notice !== undefined);
  const { complete, refused } = startCompleting(meters, transaction, { cuts, whyNot, follows: hasNotices, judgesFrom: by.judgesFrom });
  const deciding = startDeciding(meters, by);
  const added: SubmittedReading[] = [];
  let duplicates = 0;
  const prepare = (from: number, end: number) => {
    const readings = complete(drafts.slice(from, end));
    return { readings, write: transaction.prepareReadings(readings) };
  };
  let [part, end] = [prepare(0, FIRST_ROWS), FIRST_ROWS];
  while (part.readings.length > 0 || end < drafts.length) {
    const { readings, write } = part;
    // Assumes that all are new, which is nearly always true, and evaluates them while they are written.
    const [written, next] = await Promise.all([
      write(),
      otherWork().then(async () => {
        for (let from = 0; from < readings.length && duplicates === 0; from += DECIDED_AT_A_STRETCH) {
          deciding.take(readings.slice(from, from + DECIDED_AT_A_STRETCH));
          await otherWork();
        }
        return prepare(end, end + ROWS_AT_ONCE);
      }),
    ]);
    duplicates += readings.length - written.length;
    added.push(...written);
    [part, end] = [next, end + ROWS_AT_ONCE];
  }
  if (duplicates === 0) return { added, refused, decided: deciding.decided() };
  const again = startDeciding(meters, by);
  again.take(added);
  return { added, refused, decided: again.decided() };
}

/** What an earlier reading tells of the total, for one that does not tell it. */
function totalIn(reading: Reading | undefined): Pick<ReadingDefaults, 'lastTotal' | 'mostLeft'> {
  return reading?.isTotalUnknown ? { lastTotal: undefined, mostLeft: reading.total ?? undefined } : { lastTotal: reading?.total };
}

/**
 * Completes readings in the order of observation, because a later reading may use the total of an earlier one.
 *
 * @param follows whether some are notices, which are compared with what counts at their place in the order
 */
function startCompleting(
  meters: ReadonlyMap<string, MeterState>,
  { source: { periodSpec, timeZone } }: IngestTransaction,
  {
    cuts,
    whyNot,
    follows,
    judgesFrom,
  }: {
    readonly cuts: boolean;
    readonly whyNot: (meter: string) => string | null;
    readonly follows: boolean;
    readonly judgesFrom: DecidingBy<SubmittedReading>['judgesFrom'];
  },
) {
  const refused: RefusedReading[] = [];
  const latest = new Map<string, Reading>();
  const followed = new Map<string, CurrentReading>();
  return { complete, refused };

  function complete(drafts: readonly IndexedDraft[]): readonly SubmittedReading[] {
    const readings: SubmittedReading[] = [];
    for (const { of, index, draft } of drafts) {
      const meterState = meters.get(draft.meter);
      if (!meterState) {
        const reason = whyNot(draft.meter);
        if (reason === null) throw new Error('a meter was not opened');
        refused.push({ of, index, reason });
        continue;
      }
      const { id, decimals, resets } = meterState.meter;
      const { statedTotal } = meterState;
      const known = followed.get(id) ?? meterState.current;
      const before = draft.notice === undefined ? (latest.get(id) ?? meterState.current?.reading) : known?.reading;
      const defaults = { decimals, cuts, ...totalIn(before), statedTotal, periodSpec, timeZone };
      const result =
        draft.notice === undefined
          ? completeReading(draft, defaults)
          : completeNotice(draft, draft.notice, { ...defaults, current: known });
      if (result.ok) {
        const { used, total, observedAt, period, isCoarse, isTotalUnknown, isAtLeast } = result.value;
        // Written out, because an object spread would cost as much as the rest of this loop.
        const reading: SubmittedReading =
          isTotalUnknown || isAtLeast
            ? { ...result.value, meterId: id, of }
            : isCoarse
              ? { meterId: id, used, total, observedAt, period, isCoarse, of }
              : { meterId: id, used, total, observedAt, period, of };
        readings.push(reading);
        latest.set(id, result.value);
        if (follows) followed.set(id, followReading(known, result.value, { resets, judgesFrom: judgesFrom(reading) }).current);
      } else {
        const { code } = result.error;
        refused.push({ of, index, reason: readingProblemText(result.error), ...(isUntaken(code) && { code }) });
      }
    }
    return readings;
  }
}
