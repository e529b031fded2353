import { overviewOf, type Overview } from '../core/overview.ts';
import { bindRules } from '../core/rules/registry.ts';
import type { Message } from '../core/words/message.ts';
import { overviewWords } from '../core/words/overview.ts';
import { noFigures } from '../core/words/sorry.ts';
import { toAsker } from '../ports/answer.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/store.ts';
import type { CommandKind } from './command.ts';

export const overview: CommandKind<null> = {
  word: '',
  help: { usage: '', shows: 'all credits, worst first' },
  parse: () => null,
  async run(_args, { asker, store, clock }) {
    const [now, destinations] = await Promise.all([readOverview(store, asker.account, clock), store.destinations()]);
    const routed = destinations.some((one) => one.account === asker.account && one.routes.length > 0);
    return toAsker(answerOverview(now, { routed, invokedAs: asker.invokedAs }));
  },
};

/** @param invokedAs how the command was typed: `/usage`. */
export function answerOverview(now: Overview, { routed, invokedAs }: { readonly routed: boolean; readonly invokedAs: string }): Message {
  return now.lines.length === 0 ? noFigures(invokedAs) : overviewWords(now, { routed, askForOne: `${invokedAs} <meter>` });
}

/** The account's meters as they stand, worst first. */
export async function readOverview(store: ReadStore, account: string, clock: Clock): Promise<Overview> {
  const [meters, rules] = await Promise.all([store.meters(account), store.rules(account)]);
  return overviewOf(meters, bindRules(rules), clock.now());
}
