import { describe, expect, test } from 'vitest';
import { createChat } from '../../../src/commands/chat.ts';
import { plainMessage } from '../../../src/core/words/plain.ts';
import type { Chat } from '../../../src/ports/answer.ts';
import { askerIn, changesNothing, messageOf } from '../../support/chat.ts';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';

const ROUTE = 'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';

async function alerted(): Promise<{ pipeline: Pipeline; chat: Chat; alertId: string }> {
  const pipeline = await startPipeline(ROUTE, '2026-11-02T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const told = await pipeline.store.lastTold('default');
  if (told?.kind !== 'alert') throw new Error('no alert was told');
  const chat = createChat({
    ...changesNothing,
    store: pipeline.store,
    actions: pipeline.actions,
    subscriptions: pipeline.subscriptions,
    clock: { now: () => pipeline.now(), sleep: () => Promise.resolve() },
  });
  return { pipeline, chat, alertId: told.alertId };
}

describe("pressing I'm on it", () => {
  test('says nothing, for the message shows it; the second to press is told who was first', async () => {
    const { chat, alertId, pipeline } = await alerted();
    const press = (user: string) => chat.press({ action: 'acknowledge', value: alertId }, askerIn('default', { user }));
    expect(await press('U0ANNA')).toEqual({ kind: 'done' });
    expect(plainMessage(messageOf(await press('U0TOM')), { timeZone: 'Europe/Berlin', now: pipeline.now() })).toBe(
      '@U0ANNA is already on it (10:00).',
    );
  });

  test.each(['', 'nothing', '00000000-0000-0000-0000-000000000000', "'; DROP TABLE alert; --"])(
    'of an alert that is not there (%j) says that it is over',
    async (value) => {
      const { chat } = await alerted();
      const reply = await chat.press({ action: 'acknowledge', value }, askerIn('default'));
      expect(plainMessage(messageOf(reply), { timeZone: 'UTC', now: new Date(0) })).toBe('This alert is over: nothing to do.');
    },
  );

  test('changes nothing for somebody of another account', async () => {
    const { chat, alertId, pipeline } = await alerted();
    await chat.press({ action: 'acknowledge', value: alertId }, askerIn('other', { user: 'U0EVE' }));
    await pipeline.settle();
    expect(pipeline.messages[0]?.edits).toBe(0);
  });
});

describe('pressing Snooze', () => {
  test('is quiet until tomorrow morning and offers the other choices, each of which replaces it', async () => {
    const { chat, alertId, pipeline } = await alerted();
    const first = messageOf(await chat.press({ action: 'snooze', value: alertId }, askerIn('default', { user: 'U0ANNA' })));
    expect(plainMessage(first, { timeZone: 'Europe/Berlin', now: pipeline.now() })).toBe(
      'Snoozed until tomorrow 09:00 (3 Nov 09:00). A worse level still comes through.',
    );
    expect(first.buttons?.map(({ label }) => label)).toEqual(['Monday 09:00', 'Until the reset', 'Until the total changes']);
    const button = first.buttons?.[2];
    await chat.press({ action: 'snooze', value: button?.value ?? '' }, askerIn('default', { user: 'U0ANNA' }));
    await pipeline.settle();
    expect(pipeline.messages.at(0)?.text).toMatch(/Snoozed by @U0ANNA until the total changes; a worse level still comes through$/);
  });
});

describe('pressing Share', () => {
  test('gives everybody in the channel what the asker saw', async () => {
    const { chat } = await alerted();
    const shown = await chat.press({ action: 'show', value: 'leads' }, askerIn('default'));
    expect(shown).toMatchObject({ kind: 'message', to: 'asker' });
    expect(await chat.press({ action: 'share', value: 'leads' }, askerIn('default'))).toEqual({ ...shown, to: 'everybody' });
    expect(await chat.press({ action: 'share', value: 'nobody knows it' }, askerIn('default'))).toMatchObject({ to: 'alone' });
  });
});
