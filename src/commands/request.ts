import { presentable } from '../core/meters/meter.ts';
import type { MeterNow } from '../core/status/meter-status.ts';
import { requestAsks, type RequestAsk } from '../core/meters/request.ts';
import { askWhat, requestDraft, salesContact } from '../messages/notices/request.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { findMeters, findOne } from './find-meters.ts';
import { fullName } from './names.ts';
import { alertClosed } from './buttons/closed.ts';

type Request = { readonly what: string; readonly ask: RequestAsk | null };

/** Requests more credits: asks what to request, then drafts the mail. */
export const request: CommandKind<Request> = {
  word: 'request',
  help: { also: 'request apollo' },
  changes: ({ ask }) => ask !== null,
  parse: (rest) => understood(presentable(rest, 450)),
  async run({ what, ask }, context) {
    const { requester, queries } = context;
    const found = await findOne(what, findMeters(queries, requester.account), {
      requester,
      asking: (name) => ['request', name, ...(ask === null ? [] : [ask])].join(' '),
    });
    return found.ok ? askOrDraft(found.value, ask, context) : toRequesterAlone(found.error);
  },
};

/** Runs the button, whose value names the alert, or the meter in later answers. */
export async function requestButton(value: string, context: CommandContext): Promise<Reply> {
  const { what, ask } = understood(value);
  const meant = await meterOfButton(what, context);
  return meant ? askOrDraft(meant, ask, context) : alertClosed(what, context);
}

/** @param what the full name of a meter, or the id of an open alert */
async function meterOfButton(what: string, { requester, queries }: CommandContext): Promise<MeterNow | null> {
  const finder = findMeters(queries, requester.account);
  const named = what.includes('/') ? await finder.named(what) : null;
  return named ? finder.read(named) : queries.meterOfAlert(requester.account, what);
}

async function askOrDraft(now: MeterNow, ask: RequestAsk | null, { requester, queries, actions }: CommandContext): Promise<Reply> {
  if (ask === null || now.reading.total === null)
    return toRequester(
      askWhat(
        now,
        fullName(now.meter),
        requester.inTerminal ? `${requester.invokedAs} request` : null,
        await queries.timeZone(requester.account),
      ),
    );
  const outcome = await actions.request({
    account: requester.account,
    on: { meterId: now.meter.id },
    by: requester.person,
    ask,
    to: salesContact(now.source),
    buy: now.source.contacts.buy ?? null,
  });
  return toRequester(requestDraft(now, ask, outcome, await queries.timeZone(requester.account)));
}

/** Parses the text; the last word may be what to request. */
function understood(text: string): Request {
  const words = text.split(' ');
  const ask = requestAsks.find((one) => one === words.at(-1)?.toLowerCase()) ?? null;
  return { what: (ask === null ? words : words.slice(0, -1)).join(' '), ask };
}
