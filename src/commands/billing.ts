import { presentable } from '../core/meter.ts';
import { billingWords } from '../core/words/billing.ts';
import { noFigures } from '../core/words/sorry.ts';
import { toAsker } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { matchMeters, withNames } from './find.ts';

/** Whom to ask about invoices. */
export const billing: CommandKind<string> = {
  word: 'billing',
  help: { also: 'billing' },
  parse: (rest) => presentable(rest, 410),
  async run(asked, { asker, store }) {
    const meters = await store.meters(asker.account);
    if (meters.length === 0) return toAsker(noFigures(asker));
    const matched = new Set(matchMeters(asked, await withNames(meters)));
    const meant = matched.size === 0 ? meters : meters.filter(({ meter }) => matched.has(meter));
    return toAsker(billingWords([...new Map(meant.map(({ source }) => [source.id, source])).values()]));
  },
};
