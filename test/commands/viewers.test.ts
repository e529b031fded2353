import { describe, expect, test } from 'vitest';
import { WHO_UNKNOWN } from '../../src/messages/replies/errors.ts';
import type { Requester, Reply } from '../../src/ports/inbound/chat.ts';
import { requesterIn, messageOf } from '../support/chat.ts';
import { runSql } from '../support/database.ts';
import { startTalking, type Talking } from '../support/talking.ts';
import { slackUser } from '../support/people.ts';

const FILE = `timezone: Europe/Berlin
admins: [U0OLGA]
viewers: [U0VERA]
sources:
  - id: abmatic
    kind: import
    contacts: { approver: U0APPROVER }
    meters: { apollo_contacts: { label: Apollo Contacts, owner: U0OWNER } }
routes:
  - { slack: C0FILE, meters: all, digest: false }
`;
const LIMITED = 'Only some people may see the credits here.';
const PAGE = 'Apollo Contacts\n1,614/2,000 credits used\n';
/** What only somebody may read who may look: figures, names of meters and sources, whom to ask at the vendor. */
const SECRET = /apollo|campaigns|abmatic|crm|\d{3}|%/i;

const inChannel = (user: string, more: Partial<Requester> = {}) =>
  requesterIn('default', { person: slackUser(user), place: { kind: 'slack', address: 'C0SALES' }, ...more });
const inPrivate = (user: string) =>
  requesterIn('default', { person: slackUser(user), direct: true, place: { kind: 'slack', address: user } });
const mia = inChannel('U0MIA');

async function started(file = FILE): Promise<Talking & { readonly alertId: string }> {
  const talking = await startTalking(file, '2026-11-02T09:00:00Z');
  await talking.pipeline.push([{ meter: 'apollo_contacts', used: 850, total: 1000 }], { source: 'abmatic', via: 'import', by: 'U0MIA' });
  await talking.pipeline.push([{ meter: 'campaigns', used: 950, total: 1000 }], { source: 'crm' });
  const [row] = await runSql(talking.pipeline.url, "SELECT alert.id FROM alert JOIN meter ON meter.id = meter_id WHERE key = 'campaigns'");
  return { ...talking, alertId: String(row?.['id']) };
}

const everything = async ({ pipeline: { url } }: Talking) =>
  runSql(
    url,
    `SELECT (SELECT count(*)::int FROM reading) AS readings, (SELECT count(*)::int FROM route) AS routes, (SELECT count(*)::int FROM notification) AS said,
      (SELECT count(*)::int FROM meter WHERE snoozed IS NOT NULL) AS snoozed`,
  );

/** All that a reply shows, buttons, forms and data among it, as one text. */
const shown = (reply: unknown) => JSON.stringify(reply, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

const COMMANDS = [
  '',
  'details',
  'apollo',
  'apolo',
  'show me apollo',
  'hello',
  'what can you do',
  'chek apollo 5',
  'check apollo 50k',
  'check nothing 5',
  'subscribe',
  'subscribe all',
  'subscribe sales',
  'subscribe apolo',
  'subscribe operations',
  'unsubscribe',
  'digest',
  'digest now',
  'digest friday 14:00',
  'digest off',
  'request',
  'request apollo',
  'request apollo allocation',
  'alerts',
  'snooze',
  'snooze apollo',
  'snooze apolo',
  'snooze apollo off',
  'unsnooze apollo',
  'history',
  'history apollo',
  'history apolo last month',
  'export',
  'export apollo',
  'billing',
  'billing apollo',
  'import',
  'import crm',
  'resets',
  'resets crm month 1',
  'correction campaigns',
];

describe('somebody whom viewers leaves out', () => {
  test('reads in answer to every command, in a channel, that it is limited, and nothing else; nothing changes', async () => {
    const talking = await started();
    const before = await everything(talking);
    for (const text of COMMANDS) {
      const reply = await talking.chat.answer(text, mia);
      expect([text, reply.kind, talking.read(messageOf(reply))]).toEqual([
        text,
        'message',
        `${LIMITED}\nAsk @U0OLGA to add you to viewers in creditwatch.yml. Your ID is U0MIA.`,
      ]);
      expect(reply).toMatchObject({ to: 'alone' });
      expect([text, shown(reply)]).not.toEqual([text, expect.stringMatching(SECRET)]);
    }
    expect(await everything(talking)).toEqual(before);
  });

  test('likewise in a direct message, where only what comes to oneself can be ended', async () => {
    const talking = await started();
    for (const text of COMMANDS.filter((one) => one !== 'unsubscribe'))
      expect([text, await talking.say(text, inPrivate('U0MIA'))]).toEqual([text, expect.stringContaining(LIMITED)]);
    expect(await talking.say('unsubscribe', inPrivate('U0MIA'))).not.toContain(LIMITED);
  });

  test('gets no more out of buttons and forms, and may act on the alert that stands before them', async () => {
    const talking = await started();
    const { chat, alertId, pipeline } = talking;
    const pressed = async (action: Parameters<typeof chat.clickButton>[0]['action'], value: string) =>
      chat.clickButton({ action, value }, mia);
    const limited: Reply = { kind: 'message', to: 'alone', message: messageOf(await chat.answer('', mia)) };
    for (const [action, value] of [
      ['show', ''],
      ['show', 'digest now'],
      ['share', 'apollo'],
      ['request', alertId],
      ['request', 'abmatic/apollo_contacts allocation'],
      ['fill-in', 'import crm'],
      ['fill-in', 'subscribe all'],
      ['fill-in', 'reset-day crm'],
      ['fill-in', 'save-figures 0123456789abcdef crm'],
    ] as const)
      expect([action, value, await pressed(action, value)]).toEqual([action, value, limited]);
    const values = { text: PAGE, vendor: 'abmatic', name: '', every: 'month', day: '1', days: '' };
    for (const form of ['import', 'import crm', 'save-figures 0123456789abcdef abmatic', 'reset-day crm', 'subscribe all', 'gone'])
      expect([form, await chat.submit({ form, values }, mia)]).toEqual([form, limited]);
    for (const [action, value] of [
      ['snooze', alertId],
      ['snooze', `${alertId} monday`],
      ['snooze', `${alertId} off`],
      ['acknowledge', alertId],
      ['acknowledge', alertId],
    ] as const)
      expect(shown(await pressed(action, value))).not.toMatch(new RegExp(`${LIMITED}|apollo|campaigns|abmatic|crm|950|%`, 'i'));
    const [row] = await runSql(pipeline.url, `SELECT acknowledged_by FROM alert WHERE id = '${alertId}'`);
    expect(row).toEqual({ acknowledged_by: 'slack:U0MIA' });
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.push([{ meter: 'campaigns', used: 500, total: 1000 }], { source: 'crm' });
    for (const action of ['acknowledge', 'snooze'] as const)
      expect(talking.read(messageOf(await pressed(action, alertId)))).toBe('This alert is closed.');
  });

  test('may read the help and hand on the reminder that came to them', async () => {
    const { say, pipeline } = await started(FILE.replace(', digest: false', ''));
    expect(await say('help', mia)).toContain('/usage');
    expect(await say('help check', mia)).toContain('check campaigns 50k');
    const notAsked = 'You were not asked for these figures. Nothing to do.';
    // Not before the reminder comes, and never those whom it does not come to.
    expect(await say('remind abmatic others', inPrivate('U0MIA'))).toBe(notAsked);
    await pipeline.goTo('2026-11-16T07:00:00Z');
    expect(pipeline.messages.filter(({ text }) => text.startsWith('📋')).map(({ address }) => address)).toEqual(['U0MIA']);
    expect(await say('remind abmatic others', inPrivate('U0TOM'))).toBe(notAsked);
    expect(await say('remind crm others', inPrivate('U0TOM'))).toBe(notAsked);
    expect(await say('remind abmatic others', inPrivate('U0MIA'))).toBe('@U0OLGA was asked instead.');
    expect(await say('remind abmatic stop', inPrivate('U0MIA'))).toContain('Reminders for Abmatic AI are off');
    expect(await runSql(pipeline.url, 'SELECT reminder_stopped_by FROM source WHERE reminder_stopped_by IS NOT NULL')).toEqual([
      { reminder_stopped_by: 'slack:U0MIA' },
    ]);
  });

  test('reads whom to ask also where there are no admins, and "try again" while the platform does not say who they are', async () => {
    const { say, ask } = await started(FILE.replace('admins: [U0OLGA]\n', ''));
    expect(await say('', mia)).toBe(
      `${LIMITED}\nAsk the person who runs Creditwatch to add you to viewers in creditwatch.yml. Your ID is U0MIA.`,
    );
    expect(await ask('', inChannel('U0MIA', { mayChange: async () => 'unknown' }))).toEqual(WHO_UNKNOWN);
  });
});

describe('figures are shown to', () => {
  test.each([
    ['who is named', inChannel('U0VERA')],
    ['an admin', inChannel('U0OLGA')],
    ['the owner of a meter', inChannel('U0OWNER')],
    ['the approver of a source', inChannel('U0APPROVER')],
    ['an administrator of the workspace', inChannel('U0BOSS', { isPlatformAdmin: async () => true })],
    ['a guest who is named', inChannel('U0VERA', { mayChange: async () => 'guest' })],
  ])('%s', async (_who, requester) => {
    const { say } = await started();
    expect(await say('', requester)).toContain('850 / 1,000');
  });

  test('everybody where the file has no such key', async () => {
    const { say } = await started(FILE.replace('viewers: [U0VERA]\n', ''));
    expect(await say('', mia)).toContain('850 / 1,000');
  });

  test('nobody else where the list is empty: who takes the last one off it does not open it', async () => {
    const { say } = await started(FILE.replace('viewers: [U0VERA]\n', 'viewers: []\n'));
    for (const user of ['U0VERA', 'U0MIA']) expect(await say('', inChannel(user))).toContain(LIMITED);
    expect(await say('', inChannel('U0OLGA'))).toContain('850 / 1,000');
  });

  test('nobody else when the only one that was named has been forgotten', async () => {
    const { say, pipeline } = await started();
    await pipeline.store.person.forget(
      { platform: 'slack', id: 'U0VERA' },
      { actor: { platform: 'terminal', id: 'olga' }, now: new Date() },
    );
    for (const user of ['U0VERA', 'U0MIA']) expect(await say('', inChannel(user))).toContain(LIMITED);
    expect(await say('', inChannel('U0OLGA'))).toContain('850 / 1,000');
  });
});
