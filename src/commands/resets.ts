import { presentable } from '../core/meters/meter.ts';
import { localDayOf, type LocalDay } from '../core/time/local-time.ts';
import type { PeriodSpec } from '../core/time/period-spec.ts';
import { typedPeriod } from '../core/time/parse-period.ts';
import {
  correctedAlready,
  correctedMessage,
  nothingToCorrect,
  resetDayNotUnderstood,
  whichSourceResets,
} from '../messages/forms/reset-day.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { findMeters, findOne } from './find-meters.ts';
import { openForm } from './forms/registry.ts';
import { refusal } from './permissions.ts';
import { setResetDay } from './set-reset-day.ts';

/** Sets when the figures of a source reset. */
export const resets: CommandKind<string> = {
  word: 'resets',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 250),
  async run(text, context) {
    const { requester, queries, clock } = context;
    if (text === '') return whichSource(context);
    const today = localDayOf(clock.now(), await queries.timeZone(requester.account));
    const named = new Set((await queries.sources(requester.account)).map(({ id }) => id));
    const [only] = named;
    const command = understood(text, today, named);
    if (command !== null) return setResetDay(command.source, command.period, context);
    const ofAll = typedPeriod(text, today);
    if (ofAll !== null) return only !== undefined && named.size === 1 ? setResetDay(only, ofAll, context) : whichSource(context);
    const source = named.has(text) ? null : beginnings(text.split(' ')).find(({ source: beginning }) => named.has(beginning));
    if (source) return resetDayNotUnderstood(source.source, source.rest, requester.invokedAs);
    return openForm(`reset-day ${text}`, context);
  },
};

/** Asks which source is meant; opens the form at once if there is only one. */
async function whichSource(context: CommandContext): Promise<Reply> {
  const { requester, queries } = context;
  const sources = new Map((await queries.sources(requester.account)).map((source) => [source.id, source]));
  const [only] = sources.values();
  if (only === undefined) return toRequesterAlone(noFigures(requester));
  return sources.size === 1
    ? openForm(`reset-day ${only.id}`, context)
    : toRequester(whichSourceResets([...sources.values()], requester.invokedAs));
}

/** Reclassifies the latest presumed reset of a meter as a correction. */
export const correction: CommandKind<string> = {
  word: 'correction',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 410),
  async run(what, context) {
    const { requester, queries, actions } = context;
    const refused = await refusal(context, `correction ${what}`, 'everybody');
    if (refused) return toRequesterAlone(refused);
    const found = await findOne(what, findMeters(queries, requester.account), {
      requester,
      asking: (name) => `correction ${name}`,
    });
    if (!found.ok) return toRequesterAlone(found.error);
    const { id, label } = found.value.meter;
    const corrected = await actions.correct({
      account: requester.account,
      on: { meterId: id },
      by: requester.person,
    });
    if (corrected.done === 'already') return toRequester(correctedAlready(corrected.by));
    return corrected.done === 'corrected' ? toRequester(correctedMessage(label)) : toRequesterAlone(nothingToCorrect(label));
  },
};

type ResetArgs = { readonly source: string; readonly period: PeriodSpec };

/**
 * Parses `abmatic month 1`, `crm every 30 days from 15 jan`, `crm never`. A source name may have several words; existing sources take
 * precedence.
 */
function understood(text: string, today: LocalDay, named: ReadonlySet<string>): ResetArgs | null {
  const commands = beginnings(text.split(' ')).flatMap(({ source, rest }): ResetArgs[] => {
    const period = typedPeriod(rest, today);
    return period === null ? [] : [{ source, period }];
  });
  const known = commands.find(({ source }) => named.has(source));
  return known ?? (typedPeriod(text, today) === null ? (commands[0] ?? null) : null);
}

function beginnings(words: readonly string[]): readonly { readonly source: string; readonly rest: string }[] {
  return words.slice(1).map((_, index) => ({ source: words.slice(0, index + 1).join(' '), rest: words.slice(index + 1).join(' ') }));
}
