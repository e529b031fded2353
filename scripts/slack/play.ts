import { z } from 'zod';
import { pressButton, sendForm, typeCommand } from '../../test/support/slack/hand-over.ts';
import type { OpenedView } from '../../test/support/slack/workspace.ts';
import type { LocalWorkspace } from './workspace.ts';

/** An entry that one person sees in a channel. */
export type Entry = {
  readonly id: string;
  readonly at: number;
  readonly blocks: readonly unknown[];
  /** The text that the person typed; null for messages of the bot. */
  readonly typed: string | null;
  readonly onlyYou: boolean;
  /** The `ts` of the message whose thread contains it. */
  readonly under: string | null;
  readonly ts: string | null;
};

/** An open form of a person, with its validation errors. */
type Modal = { readonly opened: OpenedView; readonly errors: Readonly<Record<string, string>> };

export type Play = {
  type(user: string, channel: string, text: string): Promise<void>;
  /** @param button its position among the buttons of the message, or its label */
  press(user: string, channel: string, entry: string, button: number | string): Promise<void>;
  submit(user: string, values: Readonly<Record<string, string>>): Promise<void>;
  cancel(user: string): void;
  modalOf(user: string): Modal | null;
  /** The entries that a person sees in a channel, oldest first. */
  seen(user: string, channel: string): readonly Entry[];
};

const saidSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.record(z.string(), z.unknown()) }),
]);
const toldSchema = z.object({ response_type: z.string(), blocks: z.array(z.unknown()) });
const notesSchema = z.object({ responseUrl: z.string() });

/** Plays people in a local Slack, and keeps what only Slack's own servers know. */
export function createPlay({ slack, service, clock }: LocalWorkspace): Play {
  const typed: (Entry & { readonly user: string; readonly channel: string })[] = [];
  const askedBy = new Map<string, { readonly user: string; readonly channel: string }>();
  const modals = new Map<string, Modal | null>();
  let viewsSeen = 0;

  /** A modal belongs to the person whose action opened it. */
  function noticeModals(): void {
    for (const opened of slack.views.all.slice(viewsSeen)) {
      const { responseUrl } = notesSchema.parse(JSON.parse(String(opened.view['private_metadata'])));
      const requester = askedBy.get(responseUrl);
      if (requester === undefined) return;
      modals.set(requester.user, { opened, errors: {} });
      viewsSeen += 1;
    }
  }

  function seen(user: string, channel: string): readonly Entry[] {
    const own = typed.filter((entry) => entry.user === user && entry.channel === channel);
    const posted = slack.messages(channel).map(({ ts, at, blocks, args }): Entry => ({
      id: `post-${ts}`,
      at,
      blocks,
      typed: null,
      onlyYou: false,
      under: z.string().nullable().catch(null).parse(args['thread_ts']),
      ts,
    }));
    const told = slack.told.all.flatMap(({ url, body, at }, index): Entry[] => {
      const requester = askedBy.get(url);
      const { response_type: type, blocks } = toldSchema.parse(body);
      if (requester?.channel !== channel || (type === 'ephemeral' && requester.user !== user)) return [];
      return [{ id: `told-${String(index)}`, at, blocks, typed: null, onlyYou: type === 'ephemeral', under: null, ts: null }];
    });
    const whispered = slack.whispers.all.flatMap((one, index): Entry[] =>
      one.channel === channel && one.user === user
        ? [{ id: `whisper-${String(index)}`, at: one.at, blocks: one.blocks, typed: null, onlyYou: true, under: null, ts: null }]
        : [],
    );
    return [...own, ...posted, ...told, ...whispered].toSorted((a, b) => a.at - b.at);
  }

  return {
    seen,
    async type(user, channel, text) {
      typed.push({
        id: `typed-${String(typed.length)}`,
        at: clock.now().getTime(),
        blocks: [],
        typed: text,
        onlyYou: true,
        under: null,
        ts: null,
        user,
        channel,
      });
      const [command = '', ...rest] = text.split(' ');
      const { responseUrl } = await typeCommand(slack, service, rest.join(' '), { user, channel, command });
      askedBy.set(responseUrl, { user, channel });
    },
    async press(user, channel, id, button) {
      const entry = seen(user, channel).find((one) => one.id === id);
      if (entry === undefined) throw new Error(`no message ${id}`);
      const { responseUrl } = await pressButton(
        slack,
        service,
        { blocks: entry.blocks, channel, ...(entry.ts && { ts: entry.ts }) },
        button,
        { user },
      );
      askedBy.set(responseUrl, { user, channel });
    },
    modalOf(user) {
      noticeModals();
      return modals.get(user) ?? null;
    },
    cancel: (user) => void modals.set(user, null),
    async submit(user, values) {
      const modal = modals.get(user);
      if (!modal) return;
      const { said } = await sendForm(slack, service, modal.opened, values, { user });
      const instead = said === undefined ? null : saidSchema.parse(said);
      if (instead === null) modals.set(user, null);
      else
        modals.set(
          user,
          instead.response_action === 'errors'
            ? { ...modal, errors: instead.errors }
            : { opened: { ...modal.opened, view: instead.view }, errors: {} },
        );
    },
  };
}
