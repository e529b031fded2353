import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { pressButton, sendForm, typeCommand } from '../support/slack/hand-over.ts';
import { inChannel, inChat, slash, typed } from '../support/teams/activities.ts';
import { connectedTeams } from '../support/teams/connected.ts';
import type { TeamsMessage } from '../support/teams/fake-teams.ts';

/** Who does it. `is` names the row of the table in SECURITY.md, `looks` whether a guest may look. */
type Person = { readonly name: string; readonly is: string; readonly looks?: true };
type Account = { readonly id: string; readonly hasAdmins: boolean; readonly people: readonly Person[] };

const UNNAMED = [
  { name: 'STRANGER', is: 'stranger' },
  { name: 'MIA', is: 'member, not a viewer' },
  { name: 'VERA', is: 'viewer' },
  { name: 'OWEN', is: 'owner or approver' },
  { name: 'APRIL', is: 'owner or approver' },
] as const;
const ACCOUNTS: readonly Account[] = [
  {
    id: 'free',
    hasAdmins: false,
    people: [
      { name: 'STRANGER', is: 'stranger' },
      { name: 'GUEST', is: 'guest', looks: true },
      { name: 'MIA', is: 'viewer' },
    ],
  },
  { id: 'watched', hasAdmins: false, people: [...UNNAMED, { name: 'GUEST', is: 'guest' }] },
  {
    id: 'named',
    hasAdmins: true,
    people: [...UNNAMED, { name: 'GUEST', is: 'guest' }, { name: 'GUESTVERA', is: 'guest', looks: true }, { name: 'OLGA', is: 'admin' }],
  },
];
const BOSS: Person = { name: 'BOSS', is: 'admin' };
const COLUMNS = [
  'see figures',
  'export',
  'see contacts',
  'act on an alert',
  'own messages',
  'channel messages',
  'shared settings',
  'paste figures',
  'request credits',
  'operate',
] as const;
type Column = (typeof COLUMNS)[number];

const NAMES = ['STRANGER', 'GUEST', 'GUESTVERA', 'MIA', 'VERA', 'OWEN', 'APRIL', 'OLGA', 'BOSS'];
const onSlack = (name: string) => `U0${name}`;
const onTeams = (name: string) => `00000000-0000-4000-8000-00000000000${String(NAMES.indexOf(name))}`;
const both = (...names: string[]) => `[${names.flatMap((name) => [onSlack(name), onTeams(name)]).join(', ')}]`;
const tenantOf = ({ id }: Account) => `00000000-0000-0000-0000-0000000000a${String(ACCOUNTS.findIndex((one) => one.id === id))}`;
const teamOf = ({ id }: Account) => `T0${id.toUpperCase()}`;
const keyOf = ({ id }: Account) => `the-ingest-key-of-${id}`;

/** Slack and Teams have owners of their own, and the file names one for each meter: the second one goes by the other platform. */
const fileOf = (account: Account) => `
  ${account.id}:
    slackTeams: [${teamOf(account)}]
    teamsTenants: [${tenantOf(account)}]
    ingestKeys: ["\${KEY_${account.id.toUpperCase()}}"]
${account.hasAdmins ? `    admins: ${both('OLGA')}\n` : ''}${account.id === 'free' ? '' : `    viewers: ${both('VERA', 'GUESTVERA')}\n`}    sources:
      - { id: vendor, kind: push, contacts: { billing: money@vendor.example, approver: ${onSlack('APRIL')} }, meters: { campaigns: { label: Campaigns, owner: ${onSlack('OWEN')} }, seats: { owner: ${onTeams('OWEN')} } } }
      - { id: other, kind: import, contacts: { approver: ${onTeams('APRIL')} } }
    routes:
      - { slack: C0${account.id.toUpperCase()}, meters: all, digest: false }`;

/** The same people and things on both platforms. Each gives back all that was said to whoever did it. */
type Hands = {
  readonly user: (name: string) => string;
  readonly type: (who: Person, account: Account, text: string, where: 'channel' | 'direct') => Promise<string>;
  readonly press: (who: Person, account: Account, action: string, value: string) => Promise<string>;
  /** Pastes figures, looks at what was found and saves it. */
  readonly paste: (who: Person, account: Account, text: string) => Promise<void>;
  /** The address of the place that `type` types in. */
  readonly place: (who: Person, account: Account, where: 'channel' | 'direct') => string;
};

const REFUSED = /Only some people may see|^Guests|Only members of|does not know this workspace|can change that|Rules are changed by/m;
/** Other things are posted at any time: alerts, and requests to who has to agree. */
const IS_SUBSCRIBED = /credit alerts here/;
const IS_ALERT = /Campaigns (?:reached|is used up|runs out)/;
const PAGE = (name: string) => `Pasted By ${name}\n1/10 credits used\n`;

async function started() {
  const [slack, teams, database] = [
    await connectedSlack({
      people: {
        U0GUEST: { is_restricted: true },
        U0GUESTVERA: { is_ultra_restricted: true },
        U0BOSS: { is_admin: true },
      },
    }),
    await connectedTeams(),
    await createDatabase(),
  ];
  const dataDir = dataFolder();
  const keys = Object.fromEntries(ACCOUNTS.map((account) => [`KEY_${account.id.toUpperCase()}`, keyOf(account)]));
  const env = { ...slack.env, ...teams.env, ...keys, INGEST_KEY: '' };
  const app = await startApp({ dataDir, databaseUrl: database.url, file: `accounts:${ACCOUNTS.map(fileOf).join('')}\n`, env });
  for (const account of ACCOUNTS)
    await app.push(
      { source: 'vendor', readings: [readingNow('campaigns', 950), readingNow('seats', 1)] },
      { authorization: `Bearer ${keyOf(account)}` },
    );
  for (const name of ['GUEST', 'GUESTVERA']) teams.guests.add(`29:${name}`);
  teams.members.set('29:STRANGER', { userRole: 'user', tenantId: '00000000-0000-0000-0000-0000000000ff' });
  return { slack, teams, database, dataDir, app, sql: (text: string) => runSql(database.url, text) };
}
type Started = Awaited<ReturnType<typeof started>>;

/** Does what a cell speaks of, and says what came of it, in the words of the table. */
async function tried(column: Column, who: Person, account: Account, hands: Hands, { sql }: Started): Promise<string> {
  const user = hands.user(who.name);
  const said = (text: string) => hands.type(who, account, text, 'channel');
  const isThere = async (text: string) => (await sql(text)).length > 0;
  const isSnoozed = async () => isThere(`SELECT 1 FROM meter WHERE account_id = '${account.id}' AND snoozed ->> 'by' LIKE '%:${user}'`);
  const routeTo = async (address: string) =>
    isThere(
      `SELECT 1 FROM route JOIN destination ON destination.id = destination_id WHERE destination.account_id = '${account.id}' AND address = '${address}'`,
    );
  switch (column) {
    case 'see figures': {
      const shown = [await said(''), await said('campaigns'), await hands.press(who, account, 'show', 'alerts')];
      return shown.every((text) => /Campaigns/.test(text) && /95/.test(text))
        ? 'yes'
        : shown.every((text) => REFUSED.test(text))
          ? 'no'
          : shown.join('\n');
    }
    case 'export':
      return (await said('export campaigns')).includes(',campaigns,') ? 'yes' : 'no';
    case 'see contacts':
      return (await said('billing')).includes('money@vendor.example') ? 'yes' : 'no';
    case 'act on an alert': {
      const [alert] = z
        .array(z.object({ id: z.string() }))
        .parse(await sql(`SELECT id FROM alert WHERE account_id = '${account.id}' AND open_topic IS NOT NULL`));
      const awake = `UPDATE meter SET snoozed = NULL WHERE account_id = '${account.id}'`;
      await sql(awake);
      await hands.press(who, account, 'snooze', alert?.id ?? '');
      const byButton = await isSnoozed();
      await sql(awake);
      await said('snooze campaigns');
      const byName = await isSnoozed();
      await sql(awake);
      return byButton ? (byName ? 'yes' : 'on its message') : byName ? 'by its name' : 'no';
    }
    case 'own messages': {
      await hands.type(who, account, 'subscribe all', 'direct');
      if (await routeTo(hands.place(who, account, 'direct'))) return 'yes';
      return REFUSED.test(await hands.type(who, account, 'unsubscribe', 'direct')) ? 'no' : 'stop only';
    }
    case 'channel messages':
      await said('subscribe all');
      return (await routeTo(hands.place(who, account, 'channel'))) ? 'yes' : 'no';
    case 'shared settings':
      await sql(`UPDATE source SET period = NULL, period_by = NULL WHERE account_id = '${account.id}'`);
      await said('resets vendor month 3');
      return (await isThere(`SELECT 1 FROM source WHERE account_id = '${account.id}' AND period_by LIKE '%:${user}'`)) ? 'yes' : 'no';
    case 'paste figures':
      await hands.paste(who, account, PAGE(user));
      return (await isThere(`SELECT 1 FROM meter WHERE account_id = '${account.id}' AND label = 'Pasted By ${user}'`)) ? 'yes' : 'no';
    case 'request credits': {
      await said('request campaigns allocation');
      const asked = await isThere(`SELECT 1 FROM alert WHERE account_id = '${account.id}' AND requested_by LIKE '%:${user}'`);
      await sql(`UPDATE alert SET requested_by = NULL, requested_at = NULL WHERE account_id = '${account.id}'`);
      return asked ? 'yes' : 'no';
    }
    case 'operate': {
      const answers = [await said('key'), await said('key rotate'), await said(`account delete ${account.id}`), await said('audit')];
      return answers.some((text) => text.includes(keyOf(account))) || !(await isThere(`SELECT 1 FROM account WHERE id = '${account.id}'`))
        ? 'yes'
        : 'no';
    }
  }
}

/** What the table of SECURITY.md says, by row and column. */
function table(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const text =
    readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8')
      .split('## Who may do what')[1]
      ?.split('\n## ')[0] ?? '';
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head = [], , ...rows] = lines;
  return new Map(rows.map(([who = '', ...cells]) => [who, new Map(cells.map((cell, index) => [head[index + 1] ?? '', cell]))]));
}

/** What that comes to for somebody in an account. */
function meant(cell: string, who: Person, account: Account): string {
  if (cell === 'if a viewer') return who.looks ? 'yes' : 'no';
  if (cell === 'without `admins`') return account.hasAdmins ? 'no' : 'yes';
  return cell;
}

async function compare(hands: Hands, accounts: readonly Account[], service: Started): Promise<void> {
  const says = table();
  const [did, should]: [string[], string[]] = [[], []];
  for (const account of accounts)
    for (const who of account.people)
      for (const column of COLUMNS) {
        const cell = `${account.id}: ${who.name}, ${who.is}, ${column}:`;
        did.push(`${cell} ${await tried(column, who, account, hands, service)}`);
        should.push(`${cell} ${meant(says.get(who.is)?.get(column) ?? 'is missing', who, account)}`);
      }
  expect(did).toEqual(should);
}

test('the table of SECURITY.md has a row for everybody who is tried here, and a column for everything', () => {
  const says = table();
  expect([...says.keys()].sort()).toEqual(
    [...new Set([...ACCOUNTS.flatMap(({ people }) => people.map(({ is }) => is)), 'operator'])].sort(),
  );
  for (const cells of says.values()) expect([...cells.keys()]).toEqual(COLUMNS);
});

test('in Slack everybody may do what the table says, and nothing else', async () => {
  const service = await started();
  const { slack, app } = service;
  const withBoss = ACCOUNTS.map((account) => ({ ...account, people: [...account.people, BOSS] }));
  const place: Hands['place'] = (who, account, where) =>
    where === 'direct' ? onSlack(who.name) : `C0${who.name}${account.id.toUpperCase()}`;
  const doer = (who: Person, account: Account) => ({
    user: onSlack(who.name),
    team: teamOf(account),
    channel: place(who, account, 'channel'),
    ...(who.is === 'stranger' && { userTeam: 'T0OTHER' }),
  });
  /** What is told or opened after something was handed over; for a subscription, what is posted where it takes effect. */
  async function heard(did: () => Promise<{ readonly responseUrl: string }>, at: string | null): Promise<string> {
    const [views, posts] = [slack.views.all.length, slack.posts.all.length];
    const { responseUrl } = await did();
    return vi.waitUntil(
      () => {
        const told = slack.told.all.find(({ url }) => url === responseUrl);
        if (told) return `${told.text}\n${shownText(told.body['blocks'])}`;
        if (slack.views.all.length > views) return 'a form';
        return slack.posts.all.slice(posts).find(({ address, text }) => address === at && IS_SUBSCRIBED.test(text))?.text ?? null;
      },
      { timeout: 10_000, interval: 10 },
    );
  }
  const forms = new Map<string, Awaited<ReturnType<typeof slack.views.next>>>();
  for (const account of withBoss) {
    await typeCommand(slack, app, 'import other', doer(BOSS, account));
    forms.set(account.id, await slack.views.next(() => true, 10_000));
  }
  const hands: Hands = {
    user: onSlack,
    place,
    type: (who, account, text, where) =>
      heard(
        () =>
          typeCommand(slack, app, text, {
            ...doer(who, account),
            ...(who.is === 'stranger' && { team: 'T0OTHER' }),
            ...(where === 'direct' && { channel: `D0${who.name}` }),
          }),
        text.startsWith('subscribe') ? place(who, account, where) : null,
      ),
    press: (who, account, action, value) => {
      const button = { type: 'button', text: { type: 'plain_text', text: 'x' }, action_id: action, value };
      return heard(() => pressButton(slack, app, { blocks: [{ type: 'actions', elements: [button] }] }, 0, doer(who, account)), null);
    },
    async paste(who, account, text) {
      // The form that somebody else was shown, so that who may not is not only kept from opening it.
      const form = forms.get(account.id);
      if (form === undefined) throw new Error('no form was opened');
      const values = { vendor: 'other', name: '', text };
      const sent = { ...doer(who, account), installedTeam: teamOf(account) };
      const { said } = await sendForm(slack, app, form, values, sent);
      const found = z.object({ view: z.record(z.string(), z.unknown()) }).safeParse(said);
      if (found.success) await (await sendForm(slack, app, { ...form, view: found.data.view }, values, sent)).answer(10_000);
    },
  };
  await compare(hands, withBoss, service);
}, 180_000);

test('in Teams everybody may do what the table says, and nothing else', async () => {
  const service = await started();
  const { teams, app } = service;
  const place: Hands['place'] = (who, account, where) =>
    where === 'direct' ? `a:${who.name}-${account.id}` : `19:${who.name.toLowerCase()}${account.id}@thread.tacv2`;
  const at = (who: Person, account: Account, where: 'channel' | 'direct') => {
    const tenant = tenantOf(account);
    const fields = where === 'direct' ? inChat(place(who, account, where)) : inChannel(place(who, account, where));
    const { conversation, channelData } = z
      .object({ conversation: z.record(z.string(), z.unknown()), channelData: z.record(z.string(), z.unknown()) })
      .parse(fields);
    return {
      conversation: { ...conversation, tenantId: tenant },
      channelData: { ...channelData, tenant: { id: tenant } },
      from: {
        id: `29:${who.name}`,
        name: who.name,
        aadObjectId: onTeams(who.name),
        // Teams says in a chat of their own of which organization somebody is.
        ...(who.is === 'stranger' && { tenantId: '00000000-0000-0000-0000-0000000000ff' }),
      },
    };
  };
  /** In a channel they are for the asker alone, but for what takes effect there; what is due to a new subscription comes beside them. */
  const isAnswer = ({ conversation, onlyFor, text }: TeamsMessage) =>
    conversation.startsWith('a:') ? !IS_ALERT.test(text) : onlyFor !== null || IS_SUBSCRIBED.test(text);
  async function heard(activity: object, where: string): Promise<string> {
    const before = teams.posts.all.length;
    const said = await (await teams.send(app, activity)).text();
    const isBelow = said === '' || said.includes('below');
    if (!isBelow) return z.object({ value: z.string() }).safeParse(JSON.parse(said)).data?.value ?? said;
    return vi.waitUntil(
      () =>
        teams.posts.all
          .slice(before)
          .find((post) => (post.conversation === where || post.conversation.startsWith(`${where};`)) && isAnswer(post))?.text ?? null,
      { timeout: 10_000, interval: 10 },
    );
  }
  const invoke = (who: Person, account: Account, data: object) => ({
    ...typed(teams.serviceUrl, ''),
    ...at(who, account, 'channel'),
    type: 'invoke',
    name: 'adaptiveCard/action',
    value: { action: { type: 'Action.Execute', data } },
  });
  const hands: Hands = {
    user: onTeams,
    place,
    type: (who, account, text, where) =>
      heard(
        where === 'direct'
          ? { ...typed(teams.serviceUrl, `usage ${text}`), ...at(who, account, where) }
          : { ...slash(teams.serviceUrl, `/usage ${text}`), ...at(who, account, where) },
        place(who, account, where),
      ),
    press: (who, account, action, value) =>
      heard(invoke(who, account, { creditwatch: 'press', action, value }), place(who, account, 'channel')),
    async paste(who, account, text) {
      const submit = async (form: string) =>
        (await teams.send(app, invoke(who, account, { creditwatch: 'submit', form, vendor: 'other', name: '', text }))).text();
      const found = /save-figures [0-9a-f]{16} other/.exec(await submit('import other'));
      await submit(found?.[0] ?? 'save-figures 0123456789abcdef other');
    },
  };
  await compare(hands, ACCOUNTS, service);
}, 180_000);

test('who can read the data folder may do all of it, but for what is typed where it should come', async () => {
  const service = await started();
  const { app, dataDir } = service;
  const says = table().get('operator');
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8')));
  const local = async (what: string, asked: object, bearer = token) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const answer = await fetch(`${app.url}/local/${what}`, { method: 'POST', headers, body: JSON.stringify(asked) });
    return answer.ok ? answer.text() : `HTTP ${String(answer.status)}`;
  };
  const account: Account = { id: 'named', hasAdmins: true, people: [] };
  const actor = { platform: 'terminal', id: 'operator' };
  const ask = (text: string) => local('answer', { account: account.id, actor, text, strong: false, json: false });
  const operator: Person = { name: 'operator', is: 'operator' };
  const hands: Hands = {
    user: () => 'operator',
    place: () => 'nowhere',
    type: (_who, _account, text) => ask(text),
    press: () => ask('snooze campaigns'),
    async paste() {
      await local('take', {
        account: account.id,
        actor,
        source: 'other',
        eventId: null,
        readings: [{ meter: 'pasted', label: 'Pasted By operator', used: 1, total: 10 }],
      });
    },
  };
  for (const column of COLUMNS) {
    const cell = says?.get(column);
    if (cell === 'in the file')
      expect(await service.sql(`SELECT origin FROM route WHERE account_id = '${account.id}'`)).toEqual([{ origin: 'file' }]);
    else if (column === 'see figures') expect(await ask('campaigns')).toContain('95');
    else if (column !== 'operate') expect([column, await tried(column, operator, account, hands, service)]).toEqual([column, cell]);
  }
  expect(await local('keys', { account: account.id, actor })).toContain(keyOf(account));
  expect(await local('keys', { account: account.id, actor }, 'another-token-than-that-of-the-file')).toBe('HTTP 401');
}, 120_000);
