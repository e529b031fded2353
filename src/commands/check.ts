import { checkJson } from '../queries/answer-json.ts';
import { presentable } from '../core/meters/meter.ts';
import { checkOutlook } from '../core/check/check-outlook.ts';
import { parseCheckQuestion } from '../core/check/parse-check-question.ts';
import { checkResult } from '../core/check/check.ts';
import { checkButtons } from '../messages/replies/check-buttons.ts';
import { checkNotUnderstood, checkMessage } from '../messages/replies/check.ts';
import { noFigures, severalMeters } from '../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { findMeters } from './find-meters.ts';
import { noSuchMeter } from './match-meter.ts';
import { fullName } from './names.ts';
import { canShare } from './overview.ts';

/** Checks whether planned amounts still fit. */
export const check: CommandKind<string> = {
  word: 'check',
  help: { usage: 'check campaigns 50k open_ai 2M by 5 dec', shows: '' },
  parse: (rest) => presentable(rest, 400),
  run: answerCheck,
};

async function answerCheck(asked: string, { requester, queries, clock }: CommandContext): Promise<Reply> {
  const { account } = requester;
  const [rules, timeZone] = await Promise.all([queries.rules(account), queries.timeZone(account)]);
  const finder = findMeters(queries, account);
  const now = clock.now();
  const question = await finder.search((match) => parseCheckQuestion(asked, match, now, timeZone));
  if (!question.ok && (await queries.sources(account)).length === 0) return toRequester(noFigures(requester));
  if (!question.ok) {
    const why = question.error;
    if (why.kind === 'ambiguous-meter')
      return toRequesterAlone(
        severalMeters(
          why.name,
          why.meters.map((one) => ({ label: one.label, source: one.source, command: replaced(asked, why.name, fullName(one)) })),
        ),
      );
    if (why.kind !== 'unknown-meter') return toRequesterAlone(checkNotUnderstood(why, `${requester.invokedAs} check`));
    return toRequesterAlone(noSuchMeter(why.name, await finder.all(), { requester, asking: (name) => replaced(asked, why.name, name) }));
  }
  const { items, by } = question.value;
  const stored = await queries.metersById(
    account,
    items.map(({ meter }) => meter.id),
  );
  const answers = items.flatMap(({ meter, amount }) => {
    const known = stored.find((one) => one.meter.id === meter.id);
    return known
      ? [
          {
            now: known,
            meter,
            checkResult: checkResult({ amount, by, reading: known.reading, ...checkOutlook(known, rules, now), now, timeZone }),
          },
        ]
      : [];
  });
  const buttons = checkButtons(
    answers.map((one) => ({ ...one, name: fullName(one.meter) })),
    canShare(requester) ? `check ${asked}` : null,
  );
  return toRequester({ ...checkMessage(answers, timeZone), buttons }, () => checkJson(answers));
}

/** Replaces a typed name in the question with the full name of the meter. */
function replaced(asked: string, name: string, full: string): string {
  const at = asked.toLowerCase().indexOf(name.toLowerCase());
  return at < 0 ? full : `check ${asked.slice(0, at)}${full}${asked.slice(at + name.length)}`;
}
