import { createQueries } from '../../src/queries/queries.ts';
import { randomUUID } from 'node:crypto';
import { createChat } from '../../src/commands/chat.ts';
import type { ChatParts } from '../../src/commands/command.ts';
import type { Message } from '../../src/core/text/message.ts';
import { createActions } from '../../src/pipeline/actions/alert-actions.ts';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import { createSubscriptions } from '../../src/pipeline/actions/subscriptions.ts';
import type { Actions } from '../../src/ports/inbound/actions.ts';
import { toRequester, type Requester, type Chat, type Invalid, type Reply } from '../../src/ports/inbound/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import { parseImport } from '../../src/sources/import/parse-import.ts';
import { slackUser } from './people.ts';
import { recordedLog } from './slack/recorded-log.ts';

/** Chat over a real store. What it wakes is drained by nobody, unless `actions` do. */
export function chatOver(store: Store, clock: Clock, actions?: Actions): Chat {
  const parts = { store, clock, newId: randomUUID, wake: () => undefined };
  return createChat({
    queries: createQueries({ store, clock }),
    clock,
    parseImport,
    tryPlace: async () => null,
    actions: actions ?? createActions({ ...parts, address: () => 'https://credits.example' }),
    subscriptions: createSubscriptions(parts),
    ingest: createIngest({ ...parts, log: recordedLog() }),
  });
}

/** For commands that change nothing. */
export const changesNothing: Omit<ChatParts, 'queries' | 'clock'> = {
  actions: {
    acknowledge: async () => ({ done: 'no-alert' }),
    snooze: async () => ({ done: 'no-alert' }),
    unsnooze: async () => ({ done: 'no-alert' }),
    request: async () => ({ done: 'no-meter' }),
    setPeriod: async () => ({ done: 'no-source' }),
    stateTotal: async () => ({ done: 'no-meter' }),
    exported: async () => undefined,
    makeCaptureKey: async () => ({ ok: false, error: { kind: 'not-started' } }),
    correct: async () => ({ done: 'nothing' }),
    remindOthers: async () => ({ done: 'nothing' }),
    stopReminding: async () => ({ done: 'nothing' }),
    keepRefused: async () => '',
    askAdmins: async () => ({ done: 'nobody' }),
  },
  ingest: async () => ({ accepted: 0, duplicates: 0, rejected: [] }),
  parseImport,
  tryPlace: async () => null,
  subscriptions: {
    at: async () => [],
    subscribe: async () => ({ done: 'managed-in-file' }),
    confirm: async () => undefined,
    takeBack: async () => undefined,
    unsubscribe: async () => ({ done: 'nothing' }),
    setDigest: async () => ({ done: 'nothing' }),
    digestNow: () => Promise.reject(new Error('no digest here')),
  },
};

/** Somebody in a Slack channel. */
export function requesterIn(account: string, details: Partial<Requester> = {}): Requester {
  return {
    account,
    person: slackUser('U1'),
    knowsAdmins: true,
    invokedAs: '/usage',
    place: { kind: 'slack', address: 'C0FAKE' },
    direct: false,
    isPlatformAdmin: async () => false,
    mayChange: async () => 'yes',
    ...details,
  };
}

/** A chat that answers what is typed with what is given, and knows no buttons. */
export function answering(answer: (text: string, requester: Requester) => Promise<Message>): Chat {
  return {
    answer: async (text, requester) => toRequester(await answer(text, requester)),
    clickButton: async () => ({ kind: 'done' }),
    submit: async () => ({ kind: 'done' }),
  };
}

/** What a reply says; an empty message when it says nothing. */
export function messageOf(reply: Reply | Invalid): Message {
  return reply.kind === 'message' || reply.kind === 'form' ? reply.message : { summary: [], title: [], lines: [] };
}
