import { presentable, type Meter } from '../core/meters/meter.ts';
import { selection } from '../core/status/overview.ts';
import { meantCommand } from '../messages/replies/command-help.ts';
import { meterJson } from '../queries/overview-json.ts';
import { offeredHelp } from '../messages/replies/help.ts';
import { meterMessage } from '../messages/replies/meter.ts';
import { overviewMessage } from '../messages/replies/overview.ts';
import { noMeterYet } from '../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { isNearMeter, matchMeters, metersNamedIn, nearestMeter, noSuchMeter, withNames } from './match-meter.ts';
import { fullName } from './names.ts';
import { helpEntries } from './help.ts';
import { nearestCommand } from './nearest-command.ts';
import { isQuestion, smallTalk, type SmallTalk } from './small-talk.ts';

type Kinds = Parameters<typeof helpEntries>[0];

/** Creates the command for all other texts: the name of a meter, or a person who does not know the commands. */
export function meterFor(kinds: Kinds, words: () => readonly string[]): CommandKind<string> {
  return {
    word: null,
    help: { usage: 'apollo', shows: 'one meter, with trend' },
    parse: (rest) => presentable(rest, 410),
    run: (asked, context) => answerMeter(asked, { kinds, words: words() }, context),
  };
}

/** Shows one meter in detail, several matching meters as a list, the nearest name, or the help. */
async function answerMeter(
  asked: string,
  { kinds, words }: { readonly kinds: Kinds; readonly words: readonly string[] },
  { requester, queries }: CommandContext,
): Promise<Reply> {
  const { invokedAs } = requester;
  const [{ overview, asOf }, timeZone] = await Promise.all([queries.overview(requester.account), queries.timeZone(requester.account)]);
  const meters = await withNames(overview.lines);
  const talk = talkIn(asked, meters);
  if (talk !== null)
    return toRequesterAlone(offeredHelp(talk, helpEntries(kinds, requester), { invokedAs, inChat: !requester.inTerminal }));
  const matched = new Set(matchMeters(asked, meters));
  const lines = overview.lines.filter((line) => matched.has(line.meter));
  const [only] = lines;
  const slip = only ? null : commandMeant(asked, words, meters);
  if (slip !== null) return toRequesterAlone(meantCommand(slip, requester));
  if (!only)
    return toRequesterAlone(
      meters.length === 0 ? noMeterYet(asked, requester) : noSuchMeter(asked, meters, { requester, asking: (name) => name }),
    );
  const data = { asOf: asOf.toISOString(), meters: lines.map(meterJson) };
  if (lines.length === 1) return toRequester(meterMessage(only, { timeZone, now: asOf, fullName: fullName(only.meter) }), data);
  return toRequester(overviewMessage(selection(lines), { timeZone, subscribeWith: null, invokedAs, canShare: false, inFull: true }), data);
}

/** Finds the command that a typo means, with its arguments: `chek campaigns 50k`. A single word may also be a typo of a meter. */
function commandMeant(asked: string, words: readonly string[], meters: readonly Meter[]): Parameters<typeof meantCommand>[0] | null {
  const [first = '', ...rest] = asked.split(' ');
  const word = nearestCommand(first, words);
  if (word === null) return null;
  const meter = rest.length === 0 ? nearestMeter(asked, meters) : null;
  return { word, command: [word, ...rest].join(' '), ...(meter && { meter: { label: meter.label, name: fullName(meter) } }) };
}

/** Returns the kind of small talk; null if a meter is meant, even a misspelt one. Many names contain a greeting: `ok` in Tokens. */
function talkIn(asked: string, meters: readonly Meter[]): SmallTalk | null {
  if (metersNamedIn(asked, meters).length > 0) return null;
  const talk = smallTalk(asked);
  if (talk !== null) return talk;
  const isMeter = matchMeters(asked, meters).length > 0 || isNearMeter(asked, meters);
  return isQuestion(asked) && !isMeter ? 'help' : null;
}
