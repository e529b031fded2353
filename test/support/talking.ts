import { createQueries } from '../../src/queries/queries.ts';
import { createChat } from '../../src/commands/chat.ts';
import type { Message } from '../../src/core/text/message.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import type { ProbeDestination } from '../../src/ports/outbound/messenger.ts';
import type { Requester, Chat, Reply } from '../../src/ports/inbound/chat.ts';
import { parseImport } from '../../src/sources/import/parse-import.ts';
import { requesterIn, messageOf } from './chat.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';
import { slackUser } from './people.ts';

/** People in Slack, before a pipeline on a real database. Dates are in Berlin's zone. */
export type Talking = {
  readonly pipeline: Pipeline;
  readonly chat: Chat;
  /** What is answered, as the terminal prints it. */
  readonly say: (text: string, requester?: Requester) => Promise<string>;
  readonly ask: (text: string, requester?: Requester) => Promise<Message>;
  /** Presses the button of a label, and fails when there is none. */
  readonly press: (message: Message, label: string, requester?: Requester) => Promise<Reply>;
  readonly read: (message: Message) => string;
};

export const tom = requesterIn('default', { person: slackUser('U0TOM'), place: { kind: 'slack', address: 'C0SALES' } });
export const anna = requesterIn('default', { person: slackUser('U0ANNA'), place: { kind: 'slack', address: 'C0SALES' } });

/** @param tryPlace what comes of a post where somebody subscribes; without it nobody tries */
export async function startTalking(file: string, startAt: string, tryPlace: ProbeDestination = async () => null): Promise<Talking> {
  const pipeline = await startPipeline(file, startAt);
  const clock = { now: () => pipeline.now(), sleep: () => Promise.resolve() };
  const chat = createChat({
    queries: createQueries({ store: pipeline.store, clock }),
    clock,
    parseImport,
    tryPlace,
    actions: pipeline.actions,
    subscriptions: pipeline.subscriptions,
    ingest: pipeline.ingest,
  });
  const read = (message: Message) => plainMessage(message, { timeZone: 'Europe/Berlin', now: pipeline.now() });
  const ask = async (text: string, requester = tom) => messageOf(await chat.answer(text, requester));
  return {
    pipeline,
    chat,
    ask,
    read,
    say: async (text, requester) => read(await ask(text, requester)),
    async press(message, label, requester = tom) {
      const button = message.buttons?.find((one) => one.label === label);
      if (!button) throw new Error(`no button "${label}" among ${JSON.stringify(message.buttons?.map((one) => one.label))}`);
      return chat.clickButton({ action: button.action, value: button.value }, requester);
    },
  };
}
