import { presentable } from '../core/meters/meter.ts';
import { billingMessage } from '../messages/replies/billing.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { toRequester } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { matchMeters, withNames } from './match-meter.ts';

/** Shows the contacts for invoices. */
export const billing: CommandKind<string> = {
  word: 'billing',
  help: { also: 'billing' },
  parse: (rest) => presentable(rest, 410),
  async run(asked, { requester, queries }) {
    const meters = await queries.meters(requester.account);
    if (meters.length === 0) return toRequester(noFigures(requester));
    const matched = new Set(matchMeters(asked, await withNames(meters)));
    const meant = matched.size === 0 ? meters : meters.filter(({ meter }) => matched.has(meter));
    return toRequester(billingMessage([...new Map(meant.map(({ source }) => [source.id, source])).values()]));
  },
};
