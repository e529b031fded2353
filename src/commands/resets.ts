import { presentable } from '../core/meters/meter.ts';
import { localDayOf, type LocalDay } from '../core/time/local-time.ts';
import type { PeriodSpec } from '../core/time/period-spec.ts';
import { typedPeriod } from '../core/time/parse-period.ts';
import {
  correctedAlready,
  correctedWords,
  nothingToCorrect,
  resetDayNotUnderstood,
  whichSourceResets,
} from '../messages/forms/reset-day.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { toAsker, toAskerAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { findOne } from './match-meter.ts';
import { openForm } from './forms/registry.ts';
import { refusal } from './permissions.ts';
import { setResetDay } from './set-reset-day.ts';

/** When the figures of a source reset. */
export const resets: CommandKind<string> = {
  word: 'resets',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 250),
  async run(text, context) {
    const { asker, store, clock } = context;
    if (text === '') return whichSource(context);
    const today = localDayOf(clock.now(), await store.timeZone(asker.account));
    const named = new Set((await store.meters(asker.account)).map(({ source }) => source.id));
    const [only] = named;
    const wish = understood(text, today, named);
    if (wish !== null) return setResetDay(wish.source, wish.period, context);
    const ofAll = typedPeriod(text, today);
    if (ofAll !== null) return only !== undefined && named.size === 1 ? setResetDay(only, ofAll, context) : whichSource(context);
    const source = named.has(text) ? null : beginnings(text.split(' ')).find(({ source: beginning }) => named.has(beginning));
    if (source) return resetDayNotUnderstood(source.source, source.rest, asker.invokedAs);
    return openForm(`reset-day ${text}`, context);
  },
};

/** Without a source: of the only one, else of one that is chosen, with when each resets by what is known. */
async function whichSource(context: CommandContext): Promise<Reply> {
  const { asker, store } = context;
  const sources = new Map((await store.meters(asker.account)).map(({ source }) => [source.id, source]));
  const [only] = sources.values();
  if (only === undefined) return toAskerAlone(noFigures(asker));
  return sources.size === 1
    ? openForm(`reset-day ${only.id}`, context)
    : toAsker(whichSourceResets([...sources.values()], asker.invokedAs));
}

/** What was taken for a reset of a meter was a correction. */
export const correction: CommandKind<string> = {
  word: 'correction',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 410),
  async run(what, context) {
    const { asker, store, actions } = context;
    const refused = await refusal(context, `correction ${what}`, 'everybody');
    if (refused) return toAskerAlone(refused);
    const found = await findOne(what, await store.meters(asker.account), { asker, asking: (name) => `correction ${name}` });
    if (!found.ok) return toAskerAlone(found.error);
    const { id, label } = found.value.meter;
    const corrected = await actions.correct({ account: asker.account, on: { meterId: id }, by: asker.user, platform: asker.platform });
    if (corrected.done === 'already') return toAsker(correctedAlready(corrected.by));
    return corrected.done === 'corrected' ? toAsker(correctedWords(label)) : toAskerAlone(nothingToCorrect(label));
  },
};

type Wish = { readonly source: string; readonly period: PeriodSpec };

/** `abmatic month 1`, `crm every 30 days from 15 jan`, `crm never`. The name of a source may have several words: one with figures goes first. */
function understood(text: string, today: LocalDay, named: ReadonlySet<string>): Wish | null {
  const wishes = beginnings(text.split(' ')).flatMap(({ source, rest }): Wish[] => {
    const period = typedPeriod(rest, today);
    return period === null ? [] : [{ source, period }];
  });
  const known = wishes.find(({ source }) => named.has(source));
  return known ?? (typedPeriod(text, today) === null ? (wishes[0] ?? null) : null);
}

function beginnings(words: readonly string[]): readonly { readonly source: string; readonly rest: string }[] {
  return words.slice(1).map((_, index) => ({ source: words.slice(0, index + 1).join(' '), rest: words.slice(index + 1).join(' ') }));
}
