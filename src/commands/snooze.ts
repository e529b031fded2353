import { presentable } from '../core/meters/meter.ts';
import type { SnoozeChoice } from '../core/alerts/snooze.ts';
import { notSnoozed, snoozedMessage, unsnoozedMessage } from '../messages/replies/action-result.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { findMeters, findOne } from './find-meters.ts';

type SnoozeArgs = { readonly what: string; readonly choice: SnoozeChoice | 'off'; readonly typed: string };

/** How the choices are typed, after the name of the meter. */
const CHOICES: readonly (readonly [SnoozeChoice, RegExp, string])[] = [
  ['until-total-changes', /\s(?:until )?(?:the )?total(?: changes)?$/i, 'until the total changes'],
  ['until-reset', /\s(?:until )?(?:the )?reset$/i, 'until reset'],
  ['monday', /\s(?:until )?monday$/i, 'monday'],
  ['tomorrow', /\s(?:until )?tomorrow$/i, 'tomorrow'],
];

/** Snoozes the alert of a meter, or ends the snooze. */
export const snooze: CommandKind<SnoozeArgs> = {
  word: 'snooze',
  help: { also: 'snooze' },
  changes: () => true,
  parse: (rest) => understood(presentable(rest, 450)),
  run: (command, context) => carryOut('snooze', command, context),
};

export const unsnooze: CommandKind<SnoozeArgs> = {
  word: 'unsnooze',
  help: null,
  changes: () => true,
  parse: (rest) => ({ what: presentable(rest, 450), choice: 'off', typed: '' }),
  run: (command, context) => carryOut('unsnooze', command, context),
};

function understood(text: string): SnoozeArgs {
  const off = /^off(?: |$)(.*)$|^(.*) off$/i.exec(text);
  if (off) return { what: (off[1] ?? off[2] ?? '').trim(), choice: 'off', typed: 'off' };
  for (const [choice, written, typed] of CHOICES) {
    if (written.test(text)) return { what: text.replace(written, ''), choice, typed };
  }
  return { what: text, choice: 'tomorrow', typed: '' };
}

async function carryOut(
  word: string,
  { what, choice, typed }: SnoozeArgs,
  { requester, queries, actions }: CommandContext,
): Promise<Reply> {
  const asking = (name: string) => [word, name, typed].filter((part) => part !== '').join(' ');
  const found = await findOne(what, findMeters(queries, requester.account), { requester, asking });
  if (!found.ok) return toRequesterAlone(found.error);
  const { meter, alerts } = found.value;
  const deed = { account: requester.account, on: { meterId: meter.id }, by: requester.person };
  if (choice === 'off') {
    const { done } = await actions.unsnooze({ ...deed, and: 'say' });
    return done === 'unsnoozed' ? toRequester(unsnoozedMessage(meter.label)) : toRequesterAlone(notSnoozed(meter.label, true));
  }
  const acted = await actions.snooze({ ...deed, choice });
  return acted.done === 'snoozed'
    ? toRequester(snoozedMessage(acted, alerts[0]?.id ?? '', await queries.timeZone(requester.account), meter.label))
    : toRequesterAlone(notSnoozed(meter.label, false));
}
