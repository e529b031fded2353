import { describe, expect, test } from 'vitest';
import type { Requester } from '../../src/ports/inbound/chat.ts';
import { webApi } from '@slack/bolt';
import { classifyFailure } from '../../src/slack/api/errors.ts';
import { rejections, transient } from '../../src/slack/api/error-codes.ts';
import type { SendOutcome } from '../../src/core/notifications/delivery.ts';
import { messageOf } from '../support/chat.ts';
import { anna, startTalking, type Talking } from '../support/talking.ts';
import { slackUser } from '../support/people.ts';

const FILE = `timezone: Europe/Berlin
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
routes:
  - { slack: C0FILE, meters: all, digest: false }
`;
/** A Sunday, 11:00 in Berlin. */
const SUNDAY = '2026-11-08T10:00:00Z';
const SIX = ['apollo_contacts', 'campaigns', 'open_ai', 'abmatic_accounts', 'abmatic_contacts', 'abmatic_ip_reveal'].map((meter) => ({
  meter,
  used: 1,
  total: 1000,
}));
const inDirectMessage: Requester = { ...anna, direct: true, place: { kind: 'slack', address: 'U0ANNA' } };

async function started(more = ''): Promise<Talking> {
  const talking = await startTalking(more + FILE, SUNDAY);
  await talking.pipeline.push(SIX);
  return talking;
}

describe('/usage subscribe', () => {
  test.each([
    ['subscribe marketing', 'Campaigns, OpenAI Tokens', ['Campaigns', 'OpenAI Tokens']],
    ['SUBSCRIBE  Sales', 'Apollo Contacts, Abmatic Contacts', ['Abmatic Contacts', 'Apollo Contacts']],
    ['subscribe open ai, apollo', 'OpenAI Tokens, Apollo Contacts', ['Apollo Contacts', 'OpenAI Tokens']],
    ['subscribe open ai campaigns', 'OpenAI Tokens, Campaigns', ['Campaigns', 'OpenAI Tokens']],
  ])('%j is said to everybody in the channel, with the overview of what it gets', async (typed, names, shown) => {
    const { chat, read } = await started();
    const reply = await chat.answer(typed, anna);
    expect(reply).toMatchObject({ kind: 'message', to: 'everybody' });
    expect(read(messageOf(reply)).split('\n')).toEqual([
      `@U0ANNA turned on credit alerts here: ${names}. Digest Mon 09:00. Off: /usage unsubscribe`,
      'Both meters are fine · as of 11:00',
      ...shown.map((label) => expect.stringMatching(new RegExp(`^🟢 ${label}  1 / 1,000 `))),
    ]);
  });

  test('of all, and for operations', async () => {
    const { say, pipeline } = await started();
    expect(await say('subscribe all', anna)).toContain(
      '@U0ANNA turned on credit alerts here: all credits. Digest Mon 09:00. Off: /usage unsubscribe\nAll 6 meters are fine',
    );
    expect(await say('subscribe operations', anna)).toContain('here: all credits, and problems such as sources without figures. Digest');
    expect(await pipeline.subscriptions.at('default', { kind: 'slack', address: 'C0SALES' })).toMatchObject([
      { by: slackUser('U0ANNA'), settings: { meters: 'all', operations: true } },
    ]);
  });

  test('a second time adds to the first, and says how to have only this', async () => {
    const { say, pipeline } = await started();
    await say('subscribe marketing', anna);
    expect((await say('subscribe apollo', anna)).split('\n')[0]).toBe(
      '@U0ANNA turned on credit alerts here: Campaigns, OpenAI Tokens, Apollo Contacts. Digest Mon 09:00. Off: /usage unsubscribe. Only this: /usage subscribe only apollo',
    );
    expect((await say('subscribe ONLY apollo', anna)).split('\n')[0]).toBe(
      '@U0ANNA turned on credit alerts here: Apollo Contacts. Digest Mon 09:00. Off: /usage unsubscribe',
    );
    expect(await pipeline.subscriptions.at('default', { kind: 'slack', address: 'C0SALES' })).toMatchObject([
      { settings: { meters: ['abmatic/apollo_contacts'] } },
    ]);
  });

  test('in a direct message is for oneself, and nobody else reads it', async () => {
    const { chat, read } = await started();
    const reply = await chat.answer('subscribe sales', inDirectMessage);
    expect(reply).toMatchObject({ to: 'requester' });
    expect(read(messageOf(reply)).split('\n')[0]).toBe(
      'You get credit alerts here: Apollo Contacts, Abmatic Contacts. Digest Mon 09:00. Off: /usage unsubscribe',
    );
  });

  test('then brings the alerts and the digest there, until it is turned off', async () => {
    const { say, chat, pipeline } = await started();
    await say('subscribe sales', anna);
    await pipeline.goTo('2026-11-08T11:00:00Z');
    await pipeline.push([
      { meter: 'apollo_contacts', used: 900, total: 1000 },
      { meter: 'open_ai', used: 900, total: 1000 },
    ]);
    const there = () => pipeline.messages.filter(({ address }) => address === 'C0SALES').map(({ text }) => text.split('\n')[0]);
    expect(there()).toEqual(['🟠 Apollo Contacts reached 80%']);
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(there()).toHaveLength(2);
    const off = await chat.answer('  unsubscribe ', anna);
    expect(off).toMatchObject({ to: 'everybody' });
    expect(await say('unsubscribe', anna)).toBe('Nothing is subscribed here. On: /usage subscribe');
    await pipeline.goTo('2026-11-16T08:00:00Z');
    expect(there()).toHaveLength(2);
  });

  test('without a word offers what there is', async () => {
    const { ask, read, press } = await started();
    const offer = await ask('subscribe', anna);
    expect(read(offer)).toBe('Which alerts should this channel get?');
    expect(offer.buttons?.map(({ label }) => label)).toEqual(['All', 'Marketing', 'Sales', 'Operations']);
    expect(await press(offer, 'Marketing', anna)).toMatchObject({ to: 'everybody' });
  });

  test('before there are figures takes the meters of the catalogue', async () => {
    const { say } = await startTalking(FILE, SUNDAY);
    expect(await say('subscribe marketing', anna)).toBe(
      '@U0ANNA turned on credit alerts here: abmatic/campaigns, abmatic/open_ai. Digest Mon 09:00. Off: /usage unsubscribe',
    );
  });

  test('of a team takes all where no vendor of the catalogue has figures', async () => {
    const { say, pipeline } = await startTalking(FILE, SUNDAY);
    await pipeline.push([{ meter: 'seats', used: 1, total: 10 }], { source: 'crm' });
    expect(await say('subscribe sales', anna)).toContain('turned on credit alerts here: all credits.');
  });

  test('where the file says what comes is read-only', async () => {
    const { say } = await started();
    const there: Requester = { ...anna, place: { kind: 'slack', address: 'C0FILE' } };
    for (const typed of ['subscribe all', 'unsubscribe', 'digest friday'])
      expect(await say(typed, there)).toBe('creditwatch.yml sets what comes here. Change it there.');
  });

  test('of a meter that there is not offers the nearest', async () => {
    const { say } = await started();
    expect(await say('subscribe campains', anna)).toBe('No meter "campains". Did you mean Campaigns?\nAll meters: /usage');
  });

  test.each(['subscribe all', 'unsubscribe', 'digest off'])('%j in the terminal says where it is said', async (typed) => {
    const { say } = await started();
    expect(await say(typed, { ...anna, place: null, direct: true, invokedAs: 'npx creditwatch usage' })).toContain('Type /usage ');
  });
});

describe('who may change what a channel gets', () => {
  const ADMINS = 'admins: [U0OLGA, U0MAX]\n';
  test.each(['subscribe all', 'subscribe', 'unsubscribe', 'digest monday 9am'])(
    '%j by somebody else is refused with who may',
    async (typed) => {
      const { chat, read } = await started(ADMINS);
      const reply = await chat.answer(typed, anna);
      expect(reply).toMatchObject({ to: 'alone' });
      expect(read(messageOf(reply))).toBe('Rules are changed by @U0OLGA or @U0MAX.');
    },
  );

  test('an admin of the file, an administrator of the platform, and anybody for themselves', async () => {
    const { say } = await started(ADMINS);
    expect(await say('subscribe all', { ...anna, person: slackUser('U0MAX') })).toMatch(/^@U0MAX turned on/);
    expect(await say('subscribe all', { ...anna, isPlatformAdmin: async () => true })).toMatch(/^@U0ANNA turned on/);
    expect(await say('subscribe all', inDirectMessage)).toMatch(/^You get credit alerts here/);
  });

  test('reading is for everybody', async () => {
    const { say } = await started(ADMINS);
    for (const typed of ['', 'alerts', 'digest', 'digest now', 'history apollo'])
      expect(await say(typed, anna)).not.toContain('Rules are changed');
  });
});

describe('/usage digest', () => {
  test('shows it as it would go out now, to the asker alone, who can share it', async () => {
    const { chat, read } = await started();
    for (const typed of ['digest', 'digest now', ' DIGEST  Now']) {
      const reply = await chat.answer(typed, anna);
      expect(reply).toMatchObject({ to: 'requester' });
      expect(read(messageOf(reply))).toMatch(/^📊 Credits, 1–7 Nov: all 6 fine/);
      expect(messageOf(reply).buttons?.[0]).toMatchObject({ action: 'share', value: 'digest now' });
    }
  });

  test.each([
    ['digest friday 2pm', '@U0ANNA changed it: the digest comes every Friday, next on 13 Nov 14:00.'],
    ['digest Monday 9am', '@U0ANNA changed it: the digest comes every Monday, next on 9 Nov 09:00.'],
    ['digest tue', '@U0ANNA changed it: the digest comes every Tuesday, next on 10 Nov 09:00.'],
    ['digest every wednesday at 8:30', '@U0ANNA changed it: the digest comes every Wednesday, next on 11 Nov 08:30.'],
    ['digest off', '@U0ANNA changed it: the digest is off. Alerts still come.'],
  ])('%j sets when it comes here', async (typed, says) => {
    const { chat, read, say } = await started();
    expect(await say(typed, anna)).toBe('Nothing is subscribed here. On: /usage subscribe');
    await say('subscribe all', anna);
    const reply = await chat.answer(typed, anna);
    expect(reply).toMatchObject({ to: 'everybody' });
    expect(read(messageOf(reply))).toBe(says);
  });

  test.each(['digest someday', 'digest monday 25:00', 'digest monday 13pm', 'digest mo', 'digest 9am'])(
    '%j is not understood, and says how',
    async (typed) => {
      const { say } = await started();
      expect(await say(typed, anna)).toBe(
        'When should the digest come?\nFor example: /usage digest monday 9am, /usage digest off, /usage digest now',
      );
    },
  );

  test('before there are figures says how to get some', async () => {
    const { say } = await startTalking(FILE, SUNDAY);
    expect(await say('digest', anna)).toMatch(/^No figures yet/);
  });
});

describe('a subscription where the first message is refused', () => {
  const refusedBy = (error: unknown) => startTalking(FILE, SUNDAY, async () => classifyFailure(error));
  const answered = (error: string) => new webApi.WebAPIPlatformError({ ok: false, error, response_metadata: {} });
  const codes = [...rejections.keys(), ...transient.keys(), 'a_code_of_next_year'];

  test('for whatever reason Slack gives is saved and says so with the reason, to the asker alone; only what an invitation helps against is a dialog', async () => {
    let error: unknown = null;
    const { chat, read, pipeline } = await startTalking(FILE, SUNDAY, async () => classifyFailure(error));
    for (const one of [
      ...codes.map((code) => [code, answered(code)] as const),
      ['HTTP 503', new webApi.WebAPIHTTPError(503, 'Service Unavailable', {})] as const,
      ['TypeError', new TypeError('an answer that cannot be read')] as const,
    ]) {
      error = one[1];
      const reply = await chat.answer('subscribe all', anna);
      const outcome = classifyFailure(error);
      if (outcome.outcome === 'rejected' && outcome.invite !== undefined) {
        expect([one[0], reply]).toMatchObject([one[0], { kind: 'form' }]);
        continue;
      }
      expect(reply).toMatchObject({ kind: 'message', to: 'alone' });
      expect(read(messageOf(reply))).toMatch(/^⚠️ Saved, but Slack rejects my messages now: .+\. .+/);
      expect(read(messageOf(reply))).toContain(one[0]);
      expect(await pipeline.subscriptions.at('default', { kind: 'slack', address: 'C0SALES' })).toHaveLength(1);
    }
  });

  test('names the next step where there is one', async () => {
    const { say } = await refusedBy(answered('missing_scope'));
    expect(await say('subscribe all', anna)).toBe(
      '⚠️ Saved, but Slack rejects my messages now: A permission is missing (missing_scope). Add the scope under OAuth & Permissions, then install the app to the workspace again.',
    );
  });

  test('in a group message, where nobody can be invited by a command, says a way that works', async () => {
    const { chat, read } = await refusedBy(answered('not_in_channel'));
    const reply = await chat.answer('subscribe all', { ...anna, inGroupMessage: true });
    if (reply.kind !== 'form') throw new Error('no form');
    for (const said of [reply.form.text, read(reply.message)]) {
      expect(said).toContain('choose Integrations, then Add apps. If that is not offered, use a private channel');
      expect(said).not.toContain('Type there');
    }
  });

  test('in a direct message is saved and says so too', async () => {
    const { say } = await refusedBy(answered('channel_not_found'));
    expect(await say('subscribe all', inDirectMessage)).toContain('Saved, but Slack rejects my messages now: The channel does not exist');
  });
});

describe('a direct message', () => {
  const posted: SendOutcome = { outcome: 'sent', messageRef: 'D0OWN:1.0' };
  const typedIn = (conversation: string): Requester => ({ ...inDirectMessage, standsHere: (ref) => ref.startsWith(`${conversation}:`) });

  test('with the app itself gets what was subscribed, and nothing else is said', async () => {
    const { chat } = await startTalking(FILE, SUNDAY, async () => posted);
    expect(await chat.answer('subscribe all', typedIn('D0OWN'))).toEqual({ kind: 'done' });
  });

  test('between two people says that it comes in the messages of the app', async () => {
    const { chat, read, pipeline } = await startTalking(FILE, SUNDAY, async () => posted);
    const reply = await chat.answer('subscribe all', typedIn('D0TOM'));
    expect(reply).toMatchObject({ to: 'alone' });
    expect(read(messageOf(reply))).toBe(
      'Done. I am not part of this conversation, so alerts come to you in a direct message. For a channel, type /usage subscribe in it.',
    );
    expect(await pipeline.subscriptions.at('default', { kind: 'slack', address: 'U0ANNA' })).toHaveLength(1);
  });
});

describe('a command that names another place', () => {
  test.each([
    ['subscribe all #ops', 'Type this in #ops: /usage subscribe all'],
    ['subscribe all <#C0OPS|ops>', 'Type this in slack:C0OPS: /usage subscribe all'],
    ['subscribe <#C0OPS>', 'Type this in slack:C0OPS: /usage subscribe'],
    ['subscribe sales in #team-ops', 'Type this in #team-ops: /usage subscribe sales'],
    ['subscribe apollo, campaigns to #büro_2.1', 'Type this in #büro_2.1: /usage subscribe apollo, campaigns'],
    ['unsubscribe #ops', 'Type this in #ops: /usage unsubscribe'],
    ['digest monday 9am #ops', 'Type this in #ops: /usage digest monday 9am'],
    ['subscribe all for <@U0TOM|tom>', 'Ask @U0TOM to type /usage subscribe all in a channel, or in a direct message with me.'],
    ['subscribe all @tom', 'Ask @tom to type /usage subscribe all in a channel, or in a direct message with me.'],
  ])('%j is answered with where to type it, and changes nothing', async (typed, says) => {
    const { chat, read, pipeline } = await started();
    const reply = await chat.answer(typed, anna);
    expect(reply).toMatchObject({ to: 'alone' });
    expect(read(messageOf(reply))).toBe(says);
    expect(await pipeline.subscriptions.at('default', { kind: 'slack', address: 'C0SALES' })).toEqual([]);
  });

  test.each(['subscribe all here', 'subscribe all in here', 'subscribe all <#C0SALES|sales>'])('%j means here', async (typed) => {
    const { say } = await started();
    expect(await say(typed, anna)).toContain('@U0ANNA turned on credit alerts here: all credits');
  });
});
