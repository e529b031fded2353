import { expect, test } from 'vitest';
import type { Messenger } from '../../src/ports/outbound/messenger.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

/** An alert leaves more than one message where it is said again. Once it is closed, none of them looks open. */

const SOURCE = 'sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]\n';
const ROUTES =
  'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n  - { teams: "19:alerts@thread.tacv2", meters: all, digest: false }\n  - { slack: C0OPERATIONS, operations: true }\n';
const TEAMS = { TEAMS_ALLOW_ANONYMOUS: 'true' };
const PLACES = ['C0ALERTS', '19:alerts@thread.tacv2'];
const apollo = (used: number, total: number | null = 1000) => ({ meter: 'apollo_contacts', used, total });

/** Everything of its own at a place, without replies. */
const posted = ({ messages }: Pipeline, place: string) => messages.filter(({ address, under }) => address === place && under === null);

async function pushAt(pipeline: Pipeline, at: string, figures: Record<string, unknown>): Promise<void> {
  await pipeline.goTo(at);
  await pipeline.push([figures]);
}

type Story = { readonly messages: number; readonly tell: (pipeline: Pipeline) => Promise<void> };

const STORIES: Readonly<Record<string, Story>> = {
  'got worse once': {
    messages: 2,
    tell: async (pipeline) => {
      await pushAt(pipeline, '2026-11-20T09:00:00Z', apollo(850));
      await pushAt(pipeline, '2026-11-20T10:00:00Z', apollo(1000));
      // So that it is not repeated.
      await pipeline.actions.acknowledge({
        account: 'default',
        on: { meterId: await pipeline.meterId('apollo_contacts') },
        by: slackUser('U0ANNA'),
      });
    },
  },
  'was said again because nobody was on it': {
    messages: 3,
    tell: async (pipeline) => {
      await pushAt(pipeline, '2026-11-19T08:00:00Z', apollo(850));
      await pushAt(pipeline, '2026-11-19T09:00:00Z', apollo(1000));
      await pipeline.goTo('2026-11-23T09:30:00Z');
    },
  },
  'was said again after a snooze': {
    messages: 2,
    tell: async (pipeline) => {
      await pushAt(pipeline, '2026-11-19T08:00:00Z', apollo(1000));
      const on = { meterId: await pipeline.meterId('apollo_contacts') };
      await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0ANNA'), choice: 'tomorrow' });
      await pipeline.goTo('2026-11-20T09:00:00Z');
      // So that it is not repeated.
      await pipeline.actions.acknowledge({ account: 'default', on, by: slackUser('U0ANNA') });
    },
  },
};

type End = { readonly end: (pipeline: Pipeline) => Promise<void>; readonly reads: RegExp; readonly file?: string };

const ENDS: Readonly<Record<string, End>> = {
  'a reset': {
    end: (pipeline) => pushAt(pipeline, '2026-12-01T08:00:00Z', apollo(3)),
    reads: /^⚪ Apollo Contacts: closed, figures reset on 1 Dec\n3 \/ 1,000/,
  },
  'a presumed reset': {
    file: ROUTES,
    end: (pipeline) => pushAt(pipeline, '2026-11-24T08:00:00Z', apollo(3)),
    reads: /^⚪ Apollo Contacts: closed, figures reset on 24 Nov\n3 \/ 1,000/,
  },
  'a reset that is called a correction afterwards': {
    file: ROUTES,
    end: async (pipeline) => {
      await pushAt(pipeline, '2026-11-24T08:00:00Z', apollo(3));
      const deed = {
        account: 'default',
        on: { meterId: await pipeline.meterId('apollo_contacts') },
        by: slackUser('U0OLGA'),
      };
      expect(await pipeline.actions.correct(deed)).toEqual({ done: 'corrected' });
      await pipeline.settle();
    },
    reads: /^⚪ Apollo Contacts: closed, figures corrected on 24 Nov\n/,
  },
  'a correction': {
    end: (pipeline) => pushAt(pipeline, '2026-11-24T08:00:00Z', apollo(400)),
    reads: /^⚪ Apollo Contacts: closed, figures corrected on 24 Nov\n400 \/ 1,000/,
  },
  'no limit any more': {
    end: async (pipeline) => {
      await pushAt(pipeline, '2026-11-24T08:00:00Z', apollo(1001, null));
      await pushAt(pipeline, '2026-11-24T09:00:00Z', apollo(1001, null));
    },
    reads: /^⚪ Apollo Contacts: closed, unlimited since 24 Nov\n/,
  },
  'a top-up': {
    end: (pipeline) => pushAt(pipeline, '2026-11-24T08:00:00Z', apollo(1000, 2500)),
    reads: /^✅ Apollo Contacts is fine again: 40%\n1,000 \/ 2,500/,
  },
  'another rule': {
    end: async (pipeline) => {
      await pipeline.declare(`${ROUTES}${SOURCE}rules: [{ kind: threshold, meters: all, levels: [{ used: 5000 }] }]\n`);
      await pushAt(pipeline, '2026-11-24T08:00:00Z', apollo(1001));
    },
    reads: /^⚪ Apollo Contacts: closed, its rule was changed or removed \(/,
  },
};

const cases: readonly (readonly [string, string])[] = [
  ...Object.keys(ENDS).map((end) => ['got worse once', end] as const),
  ...['was said again because nobody was on it', 'was said again after a snooze'].flatMap((story) =>
    ['a reset', 'a top-up'].map((end) => [story, end] as const),
  ),
];

test.each(cases)(
  'an alert that %s and ends by %s: every message says so, without buttons, and nothing new is posted',
  async (told, ended) => {
    const story = STORIES[told];
    const end = ENDS[ended];
    if (story === undefined || end === undefined) throw new Error('no such case');
    const pipeline = await startPipeline(end.file ?? ROUTES + SOURCE, '2026-11-19T07:00:00Z', TEAMS);
    await pipeline.push([apollo(1)]);
    await story.tell(pipeline);
    for (const place of PLACES) expect(posted(pipeline, place)).toHaveLength(story.messages);
    await end.end(pipeline);
    for (const place of PLACES) {
      const messages = posted(pipeline, place);
      expect(messages).toHaveLength(story.messages);
      for (const { text, buttons } of messages) {
        expect(text).toMatch(end.reads);
        expect(text).not.toMatch(/[🔴🟠🟡]/u);
        expect(buttons).toEqual([]);
      }
    }
  },
);

test('where messages cannot be edited, the end of an alert with several messages is said once', async () => {
  const texts: string[] = [];
  const pipeline = await startPipeline('routes: []\n', '2026-11-20T08:00:00Z', {}, {
    kind: 'terminal',
    paceMs: 0,
    can: { edit: false, reply: false },
    send: async ({ message }) => {
      texts.push(plainMessage(message, { timeZone: 'UTC', now: new Date('2026-11-20T08:00:00Z') }));
      return { outcome: 'sent', messageRef: String(texts.length) };
    },
    find: async () => ({ found: 'no' }),
  } satisfies Messenger);
  await pushAt(pipeline, '2026-11-20T09:00:00Z', apollo(1));
  await pushAt(pipeline, '2026-11-20T10:00:00Z', apollo(850));
  await pushAt(pipeline, '2026-11-20T11:00:00Z', apollo(1000));
  await pushAt(pipeline, '2026-11-20T12:00:00Z', apollo(1000, 2500));
  expect(texts.map((text) => text.split('\n')[0])).toEqual([
    expect.stringMatching(/^🟠 Apollo Contacts reached 80%/),
    expect.stringMatching(/^🔴 Apollo Contacts is used up/),
    expect.stringMatching(/^✅ Apollo Contacts is fine again: 40%/),
  ]);
});

test('the line of an older summary is closed too, and those of the others stay as they are', async () => {
  const pipeline = await startPipeline(ROUTES + SOURCE, '2026-11-20T09:00:00Z', TEAMS);
  await pipeline.push([apollo(900), { meter: 'campaigns', used: 95, total: 100 }]);
  await pushAt(pipeline, '2026-11-20T10:00:00Z', apollo(1000));
  await pushAt(pipeline, '2026-11-20T11:00:00Z', apollo(1000, 5000));
  expect(posted(pipeline, 'C0ALERTS').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^🟠 1 of 2 meters needs attention\n🟠 Campaigns [^]*\n✅ Apollo Contacts is fine again: 20%\n/),
    expect.stringMatching(/^✅ Apollo Contacts is fine again: 20%\n/),
  ]);
});
