import { nameSchema, presentable } from '../core/meters/meter.ts';
import { captureKeyMessage, mistypedSource, notStartedYet, whichSourceToCapture } from '../messages/replies/capture.ts';
import { toRequesterAlone } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { refusal } from './permissions.ts';

/** Creates a source although its name resembles another: `capture --new abmatics`. Telephones write two hyphens as a dash. */
const NEW = /(?<!\S)(?:--|[–—])new(?!\S)/iu;

/** Makes a key that can only send pages of some sources: `capture abmatic, hubspot`. Only the requester sees the key. */
export const capture: CommandKind<string> = {
  word: 'capture',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 400),
  async run(typed, context) {
    const { requester, actions } = context;
    const mayBeNew = NEW.test(typed);
    const names = typed
      .replace(NEW, '')
      .split(',')
      .map((name) => nameSchema.safeParse(name.trim()));
    const sources = names.flatMap(({ data }) => data ?? []);
    if (sources.length < names.length) return toRequesterAlone(whichSourceToCapture(requester.invokedAs));
    // Such a key writes over the figures of everyone, also over automatic ones, and so needs an admin.
    const refused = requester.inTerminal ? null : await refusal(context, `capture ${typed}`, 'everybody');
    if (refused !== null) return toRequesterAlone(refused);
    const made = await actions.makeCaptureKey({ account: requester.account, by: requester.person, sources, mayBeNew });
    if (made.ok) return toRequesterAlone(captureKeyMessage({ ...made.value, sources }));
    return toRequesterAlone(
      made.error.kind === 'not-started'
        ? notStartedYet(requester.account)
        : mistypedSource({ ...made.error, sources, invokedAs: requester.invokedAs }),
    );
  },
};
