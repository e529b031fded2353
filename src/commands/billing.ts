import { presentable } from '../core/meters/meter.ts';
import { billingMessage } from '../messages/replies/billing.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { toRequester } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { findMeters } from './find-meters.ts';

/** Shows the contacts for invoices. */
export const billing: CommandKind<string> = {
  word: 'billing',
  help: { also: 'billing' },
  parse: (rest) => presentable(rest, 410),
  async run(asked, { requester, queries }) {
    const sources = await queries.sources(requester.account);
    if (sources.length === 0) return toRequester(noFigures(requester));
    const matched = await findMeters(queries, requester.account).search((match) => match(asked));
    const meant = [...new Set(matched.map(({ source }) => source))].flatMap((id) => sources.find((one) => one.id === id) ?? []);
    return toRequester(billingMessage(meant.length === 0 ? sources : meant));
  },
};
