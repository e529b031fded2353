import type { Meter } from '../core/meters/meter.ts';
import type { MeterFigures, MeterNow } from '../core/status/meter-status.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Message } from '../core/text/message.ts';
import { noFigures, noMeterYet, severalMeters, whichMeter } from '../messages/replies/errors.ts';
import type { Requester } from '../ports/inbound/chat.ts';
import type { Queries } from '../queries/queries.ts';
import { LONGEST_ASKED, matchMeters, matchWholeName, noSuchMeter, withNames } from './match-meter.ts';
import { fullName } from './names.ts';

/** Finds the meters of a typed name: none, one or several. */
export type MatchName = (typed: string) => readonly Meter[];

/** Finds meters of an account by their names. It reads only meters that a typed text may mean, unless that text means none. */
export type MeterFinder = {
  /**
   * Runs a search on the names that people typed, with the meanings of `matchMeters`. It may run several times: a name that was not
   * looked up yet matches nothing, and after the look-up the search runs again. So it must only compute.
   */
  search<T>(look: (match: MatchName) => T): Promise<T>;
  /** Returns the meter of a full name, as buttons and forms carry it; null if there is none. */
  named(name: string): Promise<Meter | null>;
  /** Reads the names of all meters that have a reading, indexed. */
  all(): Promise<readonly Meter[]>;
  /** The figures of meters that `search` or `all` returned. */
  figuresOf(meters: readonly Meter[]): readonly MeterFigures[];
  /** Reads everything about a meter; null if it was deleted meanwhile. */
  read(meter: Meter): Promise<MeterNow | null>;
};

/** Reading all names is faster than more look-ups than this. */
const MOST_LOOKED_UP = 40;

/** Creates a finder for one command, because it remembers what it read. */
export function findMeters(
  queries: Pick<Queries, 'figures' | 'metersById' | 'metersWithoutReading'>,
  account: string,
  {
    withoutReading = false,
  }: {
    /** Also finds the meters of creditwatch.yml that have no reading yet. */
    readonly withoutReading?: boolean;
  } = {},
): MeterFinder {
  let waiting: Promise<readonly Meter[]> | null = null;
  const matched = new Map<string, readonly Meter[]>();
  const figures = new Map<Meter, MeterFigures>();
  let all: Promise<readonly Meter[]> | null = null;

  async function read(which?: Parameters<Queries['figures']>[1]): Promise<readonly Meter[]> {
    const found: MeterFigures[] = [];
    for await (const part of queries.figures(account, which)) found.push(...part);
    for (const one of found) figures.set(one.meter, one);
    if (!withoutReading) return withNames(found);
    waiting ??= queries.metersWithoutReading(account);
    return withNames([...found, ...(await waiting).map((meter) => ({ meter }))]);
  }

  function readAll(): Promise<readonly Meter[]> {
    all ??= read();
    return all;
  }

  /** Looks up whole names, and parts of names where nothing has that name. */
  async function lookUp(typed: readonly string[]): Promise<void> {
    const named = await read({ named: typed.flatMap(namesIn) });
    const parts: string[] = [];
    for (const text of typed) {
      const whole = matchWholeName(text, named);
      if (whole === null) parts.push(text);
      else matched.set(text, whole);
    }
    if (parts.length === 0) return;
    const holding = await read({ holding: parts.map((text) => text.slice(0, LONGEST_ASKED)) });
    for (const text of parts) matched.set(text, matchMeters(text, holding));
  }

  async function search<T>(look: (match: MatchName) => T): Promise<T> {
    for (;;) {
      const unknown = new Set<string>();
      const result = look((typed) => {
        const known = matched.get(typed);
        if (known === undefined) unknown.add(typed);
        return known ?? [];
      });
      if (unknown.size === 0) return result;
      if (matched.size + unknown.size > MOST_LOOKED_UP) {
        const names = await readAll();
        return look((typed) => matchMeters(typed, names));
      }
      await lookUp([...unknown]);
    }
  }

  return {
    search,
    named: async (name) => (await search((match) => match(name))).find((one) => fullName(one) === name) ?? null,
    all: readAll,
    figuresOf: (meters) => meters.flatMap((one) => figures.get(one) ?? []),
    read: async ({ id }) => (await queries.metersById(account, [id]))[0] ?? null,
  };
}

/** The names that a text may be: itself, and the key after the slash of `source/key`. */
function namesIn(typed: string): readonly string[] {
  const text = typed.slice(0, LONGEST_ASKED);
  const slash = text.lastIndexOf('/');
  return slash < 0 ? [text] : [text, text.slice(slash + 1)];
}

/**
 * Finds the one meter of a typed name. The error is the answer: no meters yet, no such meter with the nearest one, or several.
 *
 * @param asking returns the command for a meter by its full name, for the buttons: `request abmatic/campaigns`
 */
export async function findOne(
  asked: string,
  finder: MeterFinder,
  { requester, asking }: { readonly requester: Pick<Requester, 'invokedAs'>; readonly asking: (name: string) => string },
): Promise<Result<MeterNow, Message>> {
  const found = await findOneMeter(asked, finder, { requester, asking });
  if (!found.ok) return found;
  const now = await finder.read(found.value);
  return now === null ? err(await noneOf(asked, finder, { requester, asking })) : ok(now);
}

type Asking = { readonly requester: Pick<Requester, 'invokedAs'>; readonly asking: (name: string) => string };

/** Finds the one meter of a typed name, as `findOne`, without its figures: it may have none. */
export async function findOneMeter(asked: string, finder: MeterFinder, { requester, asking }: Asking): Promise<Result<Meter, Message>> {
  if (asked === '') return err(await askWhich(finder, { requester, asking }));
  const matched = await finder.search((match) => match(asked));
  const [only] = matched;
  if (only && matched.length === 1) return ok(only);
  if (matched.length > 1)
    return err(
      severalMeters(
        asked,
        matched.map((one) => ({ label: one.label, source: one.source, command: asking(fullName(one)) })),
      ),
    );
  return err(await noneOf(asked, finder, { requester, asking }));
}

async function noneOf(asked: string, finder: MeterFinder, { requester, asking }: Asking): Promise<Message> {
  const all = await finder.all();
  return all.length === 0 ? noMeterYet(asked, requester) : noSuchMeter(asked, all, { requester, asking });
}

/** Offers all meters, those with open alerts first. */
async function askWhich(
  finder: MeterFinder,
  { requester, asking }: { readonly requester: Pick<Requester, 'invokedAs'>; readonly asking: (name: string) => string },
): Promise<Message> {
  const all = await finder.all();
  if (all.length === 0) return noFigures(requester);
  const alertsOf = new Map(finder.figuresOf(all).map(({ meter, alerts }) => [meter.id, alerts.length]));
  return whichMeter(
    all
      .toSorted((a, b) => (alertsOf.get(b.id) ?? 0) - (alertsOf.get(a.id) ?? 0))
      .map((meter) => ({ label: meter.label, command: asking(fullName(meter)) })),
    requester.invokedAs,
  );
}
