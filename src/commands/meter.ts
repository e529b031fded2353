import { presentable, type Meter } from '../core/meters/meter.ts';
import { linesOf } from '../core/status/overview.ts';
import { meantCommand } from '../messages/replies/command-help.ts';
import { inParts } from '../async/parts.ts';
import { meterJson } from '../queries/overview-json.ts';
import { offeredHelp } from '../messages/replies/help.ts';
import { meterMessage } from '../messages/replies/meter.ts';
import { overviewMessage } from '../messages/replies/overview.ts';
import { noMeterYet } from '../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Reply, type Requester } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { findMeters } from './find-meters.ts';
import { isNearMeter, matchMeters, metersNamedIn, nearestMeter, noSuchMeter, withNames } from './match-meter.ts';
import { fullName } from './names.ts';
import { helpEntries } from './help.ts';
import { nearestWord } from '../core/text/nearest-word.ts';
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
  { requester, queries, clock }: CommandContext,
): Promise<Reply> {
  const { invokedAs, account } = requester;
  const finder = findMeters(queries, account);
  const matched = await finder.search((match) => match(asked));
  const [only] = matched;
  if (!only || !isSurelyMeter(asked, matched)) {
    const { meters } = await queries.ranking(account, (one) => one, inParts(finder.figuresOf(await finder.all())));
    const all = await withNames(meters);
    const talk = talkIn(asked, all);
    if (talk !== null)
      return toRequesterAlone(offeredHelp(talk, helpEntries(kinds, requester), { invokedAs, inChat: !requester.inTerminal }));
    if (!only) return answerNothing(asked, words, all, requester);
  }
  const timeZone = await queries.timeZone(account);
  const figures = finder.figuresOf(matched);
  const data = async () => {
    const { asOf, meters } = await queries.ranking(account, meterJson, inParts(figures));
    return { asOf: asOf.toISOString(), meters };
  };
  if (matched.length > 1) {
    const { overview } = await queries.overview(account, inParts(figures));
    return toRequester(overviewMessage(overview, { timeZone, subscribeWith: null, invokedAs, canShare: false, inFull: true }), data);
  }
  const [rules, now] = await Promise.all([queries.rules(account), finder.read(only)]);
  const asOf = clock.now();
  const [line] = linesOf(now ? [now] : [], rules, asOf);
  if (!line) return answerNothing(asked, words, await finder.all(), requester);
  return toRequester(meterMessage(line, { timeZone, now: asOf, fullName: fullName(only) }), data);
}

/** Answers a text that means no meter: with the command or the meter that may be meant. */
function answerNothing(asked: string, words: readonly string[], meters: readonly Meter[], requester: Requester): Reply {
  const slip = commandMeant(asked, words, meters);
  if (slip !== null) return toRequesterAlone(meantCommand(slip, requester));
  return toRequesterAlone(
    meters.length === 0 ? noMeterYet(asked, requester) : noSuchMeter(asked, meters, { requester, asking: (name) => name }),
  );
}

/** Finds the command that a typo means, with its arguments: `chek campaigns 50k`. A single word may also be a typo of a meter. */
function commandMeant(asked: string, words: readonly string[], meters: readonly Meter[]): Parameters<typeof meantCommand>[0] | null {
  const [first = '', ...rest] = asked.split(' ');
  const word = nearestWord(first, words);
  if (word === null) return null;
  const meter = rest.length === 0 ? nearestMeter(asked, meters) : null;
  return { word, command: [word, ...rest].join(' '), ...(meter && { meter: { label: meter.label, name: fullName(meter) } }) };
}

/** Whether a text that matches meters cannot be small talk, whatever the names of other meters are. */
function isSurelyMeter(asked: string, matched: readonly Meter[]): boolean {
  return matched.length > 0 && (smallTalk(asked) === null || metersNamedIn(asked, matched).length > 0);
}

/** Returns the kind of small talk; null if a meter is meant, even a misspelt one. Many names contain a greeting: `ok` in Tokens. */
function talkIn(asked: string, meters: readonly Meter[]): SmallTalk | null {
  if (metersNamedIn(asked, meters).length > 0) return null;
  const talk = smallTalk(asked);
  if (talk !== null) return talk;
  const isMeter = matchMeters(asked, meters).length > 0 || isNearMeter(asked, meters);
  return isQuestion(asked) && !isMeter ? 'help' : null;
}
