import { describe, expect, test } from 'vitest';
import type { Requester, Chat, Invalid, Reply } from '../../src/ports/inbound/chat.ts';
import { requesterIn, messageOf } from '../support/chat.ts';
import { startTalking } from '../support/talking.ts';
import { printed } from '../messages/credits.ts';
import { slackUser, teamsUser } from '../support/people.ts';

const NOW = '2026-11-02T09:00:00Z';
const LATER = '2026-11-02T10:00:00Z';
const SOURCES = `
sources:
  - { id: told, kind: push }
  - { id: handed, kind: import }
  - { id: asked, kind: http, url: "http://127.0.0.1:9/", every: 15m, meters: { seats: { used: used } } }
`;
const ADMINS = 'admins: [U0OLGA, 6f1c2a5e-0000-4000-8000-0000000000aa]\n';

/** What a source is, and whether a member may paste into it. */
const KINDS: readonly (readonly [string, { readonly source: string; readonly fed?: readonly ('push' | 'import')[] }, boolean])[] = [
  ['declared as pushed, and not pushed yet', { source: 'told' }, false],
  ['declared as pushed', { source: 'told', fed: ['push'] }, false],
  ['declared as imported', { source: 'handed' }, true],
  ['declared as imported, though a key has pushed to it', { source: 'handed', fed: ['push'] }, true],
  ['polled', { source: 'asked' }, false],
  ['not declared and new', { source: 'new' }, true],
  ['not declared and imported before', { source: 'loose', fed: ['import'] }, true],
  ['not declared and pushed', { source: 'loose', fed: ['push'] }, false],
  ['not declared, imported and then pushed', { source: 'loose', fed: ['import', 'push'] }, false],
  ['not declared, pushed and then imported by the operator', { source: 'loose', fed: ['push', 'import'] }, false],
];

const member: Partial<Requester> = { person: slackUser('U0ANNA') };
const owner: Partial<Requester> = { person: slackUser('U0OWNER'), isPlatformAdmin: async () => true };
/** Who pastes, whether creditwatch.yml names admins, and whether they may over what a machine sends. */
const PEOPLE: readonly (readonly [string, Partial<Requester>, string, boolean])[] = [
  ['a member', member, ADMINS, false],
  ['an admin', { person: slackUser('U0OLGA') }, ADMINS, true],
  ['an admin in Teams', { person: teamsUser('6f1c2a5e-0000-4000-8000-0000000000aa') }, ADMINS, true],
  ['a member in Teams', { person: teamsUser('6f1c2a5e-0000-4000-8000-0000000000bb'), direct: true }, ADMINS, false],
  ['an administrator of the workspace', owner, ADMINS, true],
  ['a member where no admins are named', member, '', false],
  ['an administrator of the workspace where no admins are named', owner, '', true],
];

type Way = (chat: Chat, source: string, requester: Requester, used?: number) => Promise<Reply | Invalid>;
const page = (source: string, used: number) => ({ vendor: '/other', name: source, text: `Seats\n${String(used)}/100 seats used\n` });
const json = (source: string) => ({
  vendor: '/from-page',
  text: JSON.stringify({ source, readings: [{ meter: 'seats', used: 5, total: 100 }] }),
});

/** The second step, whether the first was taken or not: what a forged request would do. */
const save: Way = async (chat, source, requester, used = 5) => {
  const values = page(source, used);
  const shown = await chat.submit({ form: `import ${source}`, values }, requester);
  return chat.submit({ form: shown.kind === 'form' ? shown.form.id : `save-figures 0123456789abcdef ${source}`, values }, requester);
};

const WAYS: Readonly<Record<string, Way>> = {
  'the command with the source': (chat, source, requester) => chat.answer(`import ${source}`, requester),
  'the button of a reminder': (chat, source, requester) => chat.clickButton({ action: 'fill-in', value: `import ${source}` }, requester),
  'the form of another source': (chat, source, requester) => chat.submit({ form: 'import', values: page(source, 5) }, requester),
  'the form of this source': (chat, source, requester) =>
    chat.submit({ form: `import ${source}`, values: { text: page(source, 5).text } }, requester),
  'JSON that names it': (chat, source, requester) => chat.submit({ form: 'import', values: json(source) }, requester),
};

async function started(file: string, { source, fed = [] }: { readonly source: string; readonly fed?: readonly ('push' | 'import')[] }) {
  const talking = await startTalking(`${file}${SOURCES}`, NOW);
  for (const via of fed) {
    await talking.pipeline.push([{ meter: 'seats', used: via === 'push' ? 3 : 2, total: 100 }], { source, via });
    talking.pipeline.jump(new Date(talking.pipeline.now().getTime() + 60_000).toISOString());
  }
  talking.pipeline.jump(LATER);
  return talking;
}

describe.each(KINDS)('a source %s', (_kind, given, isOpen) => {
  test.each([
    ['admins are named', ADMINS],
    ['none are', ''],
  ])('where %s', async (_named, file) => {
    const { chat, pipeline } = await started(file, given);
    let used = 10;
    for (const [who, details, of, mayOverwrite] of PEOPLE.filter((one) => one[2] === file)) {
      const requester = requesterIn('default', details);
      const isTaken = isOpen || mayOverwrite;
      const before = await pipeline.store.meters('default');
      for (const [way, go] of Object.entries(WAYS)) {
        const reply = await go(chat, given.source, requester);
        const isRefused = reply.kind === 'invalid' || (reply.kind === 'message' && reply.to === 'alone');
        expect(isRefused, `${who}: ${way}`).toBe(!isTaken);
        if (isTaken) continue;
        const said = reply.kind === 'invalid' ? (reply.problems['vendor'] ?? '') : printed(messageOf(reply));
        expect(said, way).toMatch(/(gets its figures from an ingest key|is polled for its figures).*only an admin can paste/is);
        if (of === '') expect(said, way).toContain('creditwatch.yml names no admins');
      }
      await save(chat, given.source, requester, (used += 1));
      if (!isTaken) expect(await pipeline.store.meters('default'), who).toEqual(before);
      else
        expect(
          (await pipeline.store.meters('default')).filter(({ meter }) => meter.source === given.source),
          who,
        ).toMatchObject([{ reading: { used: BigInt(used) }, pasted: { by: requester.person, at: pipeline.now() } }]);
      pipeline.jump(new Date(pipeline.now().getTime() + 60_000).toISOString());
    }
  });
});

test.each(['CRM', ' crm', 'c r m', 'C_R-M', '\u0441rm', 'cr\u200dm', '\uff43\uff52\uff4d', 'cr\u0301m'])(
  'a new name that reads like that of a pushed source counts as it: %j',
  async (name) => {
    const { chat, pipeline } = await started(ADMINS, { source: 'crm', fed: ['push'] });
    await save(chat, name, requesterIn('default', member));
    const sources = (await pipeline.store.meters('default')).map(({ meter }) => meter.source);
    expect(sources).toEqual(['crm']);
  },
);

test('a name of its own is taken beside a pushed source', async () => {
  const { chat, pipeline } = await started(ADMINS, { source: 'crm', fed: ['push'] });
  await save(chat, 'crm 2', requesterIn('default', member));
  expect((await pipeline.store.meters('default')).map(({ meter }) => meter.source).toSorted()).toEqual(['crm', 'crm 2']);
});

test('what people paste makes half of the sources at most, so that a key finds room for a new one', async () => {
  const talking = await startTalking(`${ADMINS}limits: { sourcesPerAccount: 4 }\n`, NOW);
  for (const name of ['one', 'two', 'three', 'four']) await save(talking.chat, name, requesterIn('default', member));
  const sources = async () => (await talking.pipeline.store.meters('default')).map(({ meter }) => meter.source).toSorted();
  expect(await sources()).toEqual(['one', 'two']);
  for (const source of ['crm', 'erp']) await talking.pipeline.push([{ meter: 'seats', used: 1, total: 10 }], { source });
  expect(await sources()).toEqual(['crm', 'erp', 'one', 'two']);
});

describe('whose figures count', () => {
  test('is shown with the meter: who pasted them, when, and over what; until figures are pushed again', async () => {
    const { chat, pipeline } = await started(ADMINS, { source: 'loose', fed: ['push'] });
    const requester = requesterIn('default', { person: slackUser('U0OLGA') });
    const detail = async () => printed(messageOf(await chat.answer('loose/seats', requester)));
    expect(await detail()).not.toContain('Pasted');
    await save(chat, 'loose', requester);
    expect(await detail()).toMatch(/^Pasted by @U0OLGA, .*\. Earlier figures came from an ingest key\.$/m);
    // A late push changes nothing about the latest figures.
    await pipeline.push([{ meter: 'seats', used: 4, total: 100, observedAt: '2026-11-02T09:30:00Z' }], { source: 'loose' });
    expect(await detail()).toContain('Pasted by @U0OLGA');
    pipeline.jump('2026-11-02T11:00:00Z');
    await pipeline.push([{ meter: 'seats', used: 6, total: 100 }], { source: 'loose' });
    expect(await detail()).not.toContain('Pasted');
  });

  test('an unfed source says who pasted them, and nothing about earlier ones', async () => {
    const { chat } = await started('', { source: 'new' });
    const requester = requesterIn('default', member);
    await save(chat, 'new', requester);
    expect(printed(messageOf(await chat.answer('new/seats', requester)))).toMatch(/^Pasted by @U0ANNA, [^.]*\.$/m);
  });
});

test('a source that creditwatch.yml declares no more is what has fed it', async () => {
  const { pipeline } = await started(ADMINS, { source: 'told' });
  expect(await pipeline.store.machineOf('default', 'told')).toBe('push');
  await pipeline.declare(ADMINS);
  expect(await pipeline.store.machineOf('default', 'told')).toBe(null);
  await pipeline.push([{ meter: 'seats', used: 1, total: 10 }], { source: 'told' });
  expect(await pipeline.store.machineOf('default', 'told')).toBe('push');
});
