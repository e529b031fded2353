import { nameSchema, presentable } from '../core/meters/meter.ts';
import { captureKeyMessage, notStartedYet, whichSourceToCapture } from '../messages/replies/capture.ts';
import { toRequesterAlone } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { refusal } from './permissions.ts';

/** Makes a key that can only send pages of some sources: `capture abmatic, hubspot`. Only the requester sees the key. */
export const capture: CommandKind<string> = {
  word: 'capture',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 400),
  async run(typed, context) {
    const { requester, actions } = context;
    const names = typed.split(',').map((name) => nameSchema.safeParse(name.trim()));
    const sources = names.flatMap(({ data }) => data ?? []);
    if (sources.length < names.length) return toRequesterAlone(whichSourceToCapture(requester.invokedAs));
    // Such a key writes over the figures of everyone, also over automatic ones, and so needs an admin.
    const refused = requester.inTerminal ? null : await refusal(context, `capture ${typed}`, 'everybody');
    if (refused !== null) return toRequesterAlone(refused);
    const made = await actions.makeCaptureKey({ account: requester.account, by: requester.person, sources });
    return toRequesterAlone(made === null ? notStartedYet(requester.account) : captureKeyMessage({ ...made, sources }));
  },
};
