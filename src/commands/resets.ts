import { presentable } from '../core/meter.ts';
import { periodSpecSchema, type PeriodSpec } from '../core/period.ts';
import { correctedAlready, correctedWords, nothingToCorrect } from '../core/words/reset-day.ts';
import { toAsker, toAskerAlone } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { findOne } from './find.ts';
import { openForm } from './forms/registry.ts';
import { refusal } from './rights.ts';
import { setResetDay } from './set-reset-day.ts';

type Wish = { readonly source: string; readonly period: PeriodSpec | null };

const RECURS = /^(.*?)\s+(month|quarter|year|never|none)(?:ly)?(?:\s+(\d{1,2}))?$/i;

/** When the figures of a source reset. */
export const resets: CommandKind<Wish> = {
  word: 'resets',
  help: null,
  changes: () => true,
  parse: (rest) => understood(presentable(rest, 250)),
  run: ({ source, period }, context) => (period === null ? openForm(`reset-day ${source}`, context) : setResetDay(source, period, context)),
};

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
    const found = findOne(what, await store.meters(asker.account), { asker, asking: (name) => `correction ${name}` });
    if (!found.ok) return toAskerAlone(found.error);
    const { id, label } = found.value.meter;
    const corrected = await actions.correct({ account: asker.account, on: { meterId: id }, by: asker.user });
    if (corrected.done === 'already') return toAsker(correctedAlready(corrected.by));
    return corrected.done === 'corrected' ? toAsker(correctedWords(label)) : toAskerAlone(nothingToCorrect(label));
  },
};

/** `abmatic month 1`, `crm never`. */
function understood(text: string): Wish {
  const [, source = '', every = '', day] = RECURS.exec(text) ?? [];
  const period = periodSpecSchema.safeParse({
    every: every.toLowerCase() === 'never' ? 'none' : every.toLowerCase(),
    day: day === undefined ? 1 : Number(day),
  });
  return period.success ? { source, period: period.data } : { source: source === '' ? text : source, period: null };
}
