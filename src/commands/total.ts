import { presentable } from '../core/meters/meter.ts';
import { endOfQuantity, looksLikeQuantity, parseQuantity } from '../core/meters/quantity.ts';
import { totalNotUnderstood } from '../messages/forms/total.ts';
import { toRequesterAlone } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { findMeters, findOneMeter, type MatchName } from './find-meters.ts';
import { openForm } from './forms/registry.ts';
import { fullName } from './names.ts';
import { setTotal } from './set-total.ts';

/** Words that take a stated total back. */
const NONE: readonly string[] = ['none', 'unknown', 'off'];

/** States the total of a meter: what was bought or budgeted, where the vendor does not tell it. */
export const total: CommandKind<string> = {
  word: 'total',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 400),
  async run(asked, context) {
    const { requester, queries } = context;
    const finder = findMeters(queries, requester.account, { withoutReading: true });
    const words = asked.split(' ').filter((word) => word !== '');
    const at = await finder.search((match) => beginOfAmount(words, match));
    const amount = words.slice(at).join(' ');
    const found = await findOneMeter(words.slice(0, at).join(' '), finder, {
      requester,
      asking: (name) => ['total', name, ...words.slice(at)].join(' '),
    });
    if (!found.ok) return toRequesterAlone(found.error);
    const meter = found.value;
    if (amount === '') return openForm(`total ${fullName(meter)}`, context);
    if (NONE.includes(amount.toLowerCase())) return setTotal(meter, null, context);
    const quantity = parseQuantity(amount, meter.decimals);
    return quantity.ok
      ? setTotal(meter, quantity.value, context)
      : toRequesterAlone(totalNotUnderstood({ text: amount, problem: quantity.error, name: fullName(meter) }, requester.invokedAs));
  },
};

/**
 * Returns where the amount begins in `apollo contacts 50 000`; the number of words if there is none. A name may end in a number, so the
 * longest known name counts.
 */
function beginOfAmount(words: readonly string[], match: MatchName): number {
  const last = words.length - 1;
  if (last > 0 && NONE.includes((words[last] ?? '').toLowerCase())) return last;
  const begins = words.flatMap((word, at) => (at > 0 && looksLikeQuantity(word) && endOfQuantity(words, at) === words.length ? [at] : []));
  const known = begins.toReversed().find((at) => match(words.slice(0, at).join(' ')).length > 0);
  if (known !== undefined || match(words.join(' ')).length > 0) return known ?? words.length;
  return begins[0] ?? words.length;
}
