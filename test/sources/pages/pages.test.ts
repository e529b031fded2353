import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, INGEST_KEY, startApp, type App } from '../../support/app.ts';
import { commandLine, type CommandLine } from '../../support/cli.ts';
import { createDatabase, runSql } from '../../support/database.ts';
import { slackUser } from '../../support/people.ts';

const PAGE = readFileSync(new URL('../../fixtures/abmatic-usage-page.txt', import.meta.url), 'utf8');
const FIGURES = 6;
const MINUTE_MS = 60_000;
const madeSchema = z.object({ key: z.string(), name: z.string(), link: z.string() });

let app: App;
let cli: CommandLine;
let url: string;
beforeEach(() => start());

/** @param file creditwatch.yml */
async function start(file = ''): Promise<void> {
  ({ url } = await createDatabase());
  const dataDir = dataFolder();
  app = await startApp({ dataDir, databaseUrl: url, file });
  cli = commandLine({ dataDir, databaseUrl: url });
}

async function made(...sources: readonly string[]): Promise<z.infer<typeof madeSchema>> {
  return madeSchema.parse(JSON.parse((await cli.run(['capture', ...sources, '--json'])).out));
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

function page(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { source: 'abmatic', text: PAGE, url: 'https://abmatic.example/usage', capturedAt: ago(MINUTE_MS), ...more };
}

async function send(key: string, body: unknown): Promise<{ readonly status: number; readonly said: Readonly<Record<string, unknown>> }> {
  const init = { method: 'POST', headers: bearer(key), body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${app.url}/v1/pages`, init);
  return { status: response.status, said: z.record(z.string(), z.unknown()).parse(await response.json()) };
}

/** The source and the usage of each meter. */
const stored = () => runSql(url, 'SELECT source_id AS source, key, used::text FROM meter ORDER BY 1, 2');

test('a page is stored as if the person who made the key had pasted it', async () => {
  const { key } = await made('abmatic');
  expect(await send(key, page())).toMatchObject({ status: 200, said: { accepted: FIGURES, duplicates: 0, older: 0, rejected: [] } });
  expect(await stored()).toHaveLength(FIGURES);
  const [source] = z
    .array(z.object({ ingested_via: z.string(), by: z.unknown() }))
    .parse(
      await runSql(
        url,
        `SELECT ingested_via, (SELECT pasted FROM meter WHERE source_id = source.id LIMIT 1) AS by FROM source WHERE id = 'abmatic'`,
      ),
    );
  expect(source).toMatchObject({ ingested_via: 'import', by: { platform: 'terminal', by: userInfo().username } });
  const [row] = await runSql(url, `SELECT platform, actor, about FROM audit WHERE action = 'import'`);
  expect(row).toEqual({ platform: 'terminal', actor: userInfo().username, about: { source: 'abmatic', count: FIGURES } });
});

test('a page is answered with its figures, as people see them', async () => {
  const { key } = await made('abmatic');
  const { said } = await send(key, page());
  expect(said['figures']).toHaveLength(FIGURES);
  expect(said['figures']).toContainEqual({
    meter: 'apollo_contacts',
    label: 'Apollo Contacts',
    used: '1,614',
    left: null,
    total: '1,000,000',
    unit: 'credits',
  });
});

test('a preview says what a page means, runs the checks, and stores nothing', async () => {
  const { key } = await made('crm');
  const text = 'Leads\n400/1,000 leads remaining\nAds\n$1.50/$20.00 used\nSeats 1,6,1/9 used';
  const preview = page({ source: 'crm', text, preview: true });
  const expected = {
    accepted: 0,
    duplicates: 0,
    older: 0,
    rejected: [],
    notes: [expect.stringMatching(/^line 5: /)],
    figures: [
      { meter: 'leads', label: 'Leads', used: '600', left: null, total: '1,000', unit: 'leads' },
      { meter: 'ads', label: 'Ads', used: '1.50', left: null, total: '20.00', unit: 'USD' },
    ],
  };
  expect(await send(key, preview)).toEqual({ status: 200, said: expected });
  for (const table of ['reading', 'meter', 'source', 'received_event'])
    expect([table, await runSql(url, `SELECT 1 FROM ${table}`)]).toEqual([table, []]);
  expect(await runSql(url, `SELECT 1 FROM audit WHERE action = 'import'`)).toEqual([]);
  // Stored afterwards, it is not a duplicate of its preview.
  expect(await send(key, { ...preview, preview: false })).toMatchObject({ status: 200, said: { accepted: 2, figures: expected.figures } });
  const before = await stored();
  const fewer = page({ source: 'crm', text: 'Leads 5/1,000 leads used', capturedAt: ago(0), preview: true });
  expect(await send(key, fewer)).toMatchObject({ status: 422, said: { code: 'fewer-meters', missing: 1 } });
  const older = page({ source: 'crm', text, capturedAt: ago(5 * MINUTE_MS), preview: true });
  expect(await send(key, older)).toMatchObject({ status: 200, said: { accepted: 0, older: 2 } });
  const tooLarge = page({ source: 'crm', text: 'Leads 9,999,999,999,999,999,999/1 leads used\nAds\n$1/$2 used', preview: true });
  expect(await send(key, { ...tooLarge, capturedAt: ago(0) })).toMatchObject({
    status: 200,
    said: { rejected: [expect.stringMatching(/^line 1: /)], figures: [{ meter: 'ads', used: '1.00', total: '2.00' }] },
  });
  expect(await stored()).toEqual(before);
});

test('a key previews the sources that it was made for and no other', async () => {
  const { key } = await made('abmatic');
  expect(await send(key, page({ source: 'crm', preview: true }))).toMatchObject({ status: 403, said: { code: 'other-source' } });
  expect(await send(`cwp_${'a'.repeat(32)}`, page({ preview: true }))).toMatchObject({ status: 401 });
  expect(await send(key, page({ preview: 'yes' }))).toMatchObject({ status: 400, said: { code: 'bad-field' } });
});

test('a key comes with a pairing link to the service', async () => {
  const { key, link } = await made('abmatic', 'crm');
  expect(link.startsWith(`${app.url}/capture#key=${key}&source=abmatic&page=`)).toBe(true);
  expect(app.output()).not.toContain(key);
});

test('what was not understood is listed, and a page that shows what remains is not read as used', async () => {
  const { key } = await made('crm');
  const text = 'Leads\n400/1,000 leads remaining\nSeats 1,6,1/9 used';
  const { status, said } = await send(key, page({ source: 'crm', text }));
  expect([status, said['accepted'], said['notes']]).toEqual([200, 1, [expect.stringMatching(/^line 3: /)]]);
  expect(await stored()).toEqual([{ source: 'crm', key: 'leads', used: '600' }]);
});

test('the same page again is a duplicate, and an older one changes nothing', async () => {
  const { key } = await made('abmatic');
  const first = page({ capturedAt: ago(2 * MINUTE_MS) });
  await send(key, first);
  const before = await runSql(url, 'SELECT * FROM reading ORDER BY meter_id, observed_at');
  expect(await send(key, first)).toMatchObject({ status: 200, said: { accepted: 0, duplicates: FIGURES } });
  const older = page({ capturedAt: ago(3 * MINUTE_MS), text: PAGE.replace('1,614', '9') });
  expect(await send(key, older)).toMatchObject({ status: 200, said: { accepted: 0, duplicates: 0, older: FIGURES } });
  expect(await runSql(url, 'SELECT * FROM reading ORDER BY meter_id, observed_at')).toEqual(before);
});

test('a page with fewer meters than the last is refused with how many are missing, until a paste accepts it', async () => {
  const { key } = await made('crm');
  await send(key, page({ source: 'crm', text: 'Leads 4/10 leads used\nSeats 5/10 seats used', capturedAt: ago(2 * MINUTE_MS) }));
  const before = await stored();
  const fewer = page({ source: 'crm', text: 'Leads 6/10 leads used' });
  const { status, said } = await send(key, fewer);
  expect([status, said['code'], said['missing']]).toEqual([422, 'fewer-meters', 1]);
  // Only operations are told the name.
  expect(JSON.stringify(said)).not.toContain('Seats');
  expect(app.output()).toContain('"code":"fewer-meters","missing":["Seats"]');
  expect(await stored()).toEqual(before);
  await cli.run(['import', '-', '--source', 'crm'], { input: 'Leads 6/10 leads used' });
  const later = page({ source: 'crm', text: 'Leads 7/10 leads used', capturedAt: ago(-MINUTE_MS) });
  expect(await send(key, later)).toMatchObject({ status: 200, said: { accepted: 1 } });
});

test('captured pages give a source at most 50 meters, whatever a page shows, and more only by a paste', async () => {
  const { key } = await made('crm');
  const most = (first: number, count: number) =>
    Array.from({ length: count }, (_, nth) => `Plan ${String.fromCharCode(65 + (nth % 26))}${String(first + nth)} 1/2 credits used`).join(
      '\n',
    );
  const tooMany = { status: 422, said: { code: 'too-many-meters' } };
  expect(await send(key, page({ source: 'crm', text: most(100, 51) }))).toMatchObject(tooMany);
  expect(await send(key, page({ source: 'crm', text: most(100, 51), preview: true }))).toMatchObject(tooMany);
  expect(await send(key, page({ source: 'crm', text: most(100, 50), capturedAt: ago(2 * MINUTE_MS) }))).toMatchObject({ status: 200 });
  const more = page({ source: 'crm', text: most(100, 51) });
  expect(await send(key, more)).toMatchObject(tooMany);
  expect(await stored()).toHaveLength(50);
  expect((await cli.run(['import', '-', '--source', 'crm'], { input: most(100, 51) })).code).toBe(0);
  expect(await send(key, { ...more, capturedAt: ago(-MINUTE_MS) })).toMatchObject({ status: 200, said: { accepted: 51 } });
});

const LINES = 10_000;
/** What is sent, and the code that it is refused with. */
const REFUSED: Readonly<Record<string, readonly [unknown, number, string]>> = {
  'no JSON': ['{', 400, 'not-json'],
  'no object': [[], 400, 'bad-field'],
  'another field': [page({ cookie: 'x' }), 400, 'bad-field'],
  'no text': [page({ text: undefined }), 400, 'bad-field'],
  'http, not https': [page({ url: 'http://abmatic.example' }), 400, 'bad-field'],
  'no address': [page({ url: 'javascript:alert(1)' }), 400, 'bad-field'],
  'no time': [page({ capturedAt: 'yesterday' }), 400, 'bad-field'],
  'a time of two days ago': [page({ capturedAt: ago(48 * 60 * MINUTE_MS) }), 400, 'too-early'],
  'a time in an hour': [page({ capturedAt: ago(-60 * MINUTE_MS) }), 400, 'too-late'],
  'another source': [page({ source: 'crm' }), 403, 'other-source'],
  'more than 1 MiB of text': [page({ text: 'x'.repeat(1024 * 1024 + 1) }), 413, 'long-text'],
  'more than 2 MiB': [page({ text: 'x'.repeat(2 * 1024 * 1024) }), 413, 'too-large'],
  'a sign-in page': [page({ text: 'Welcome back\nSign in\nEmail\nPassword\n© 2026' }), 422, 'signed-out'],
  'a page that is still loading': [page({ text: 'Loading' }), 422, 'no-figures'],
  'an empty page': [page({ text: '' }), 422, 'no-figures'],
  'readings in JSON': [page({ text: '{"readings":[{"meter":"a","used":1}]}' }), 422, 'not-a-page'],
  'history as CSV': [page({ text: 'meter,used,total\nleads,1,2' }), 422, 'not-a-page'],
  'ten thousand lines': [page({ text: 'Leads\n1/2 leads used\n'.repeat(LINES / 2) }), 422, 'no-figures'],
  'one line of 1 MiB': [page({ text: `Leads ${'1/2 '.repeat(262_000)}` }), 422, 'no-figures'],
  'figures beyond what can be stored': [page({ text: 'Apollo Contacts 9,999,999,999,999,999,999/1 credits used' }), 422, 'rejected'],
  'a first page without a known meter': [page({ text: 'Office plants 3/9 plants used' }), 422, 'other-layout'],
};

test('whatever is refused is answered in JSON with its code and a sentence, and nothing is stored', async () => {
  const { key } = await made('abmatic');
  for (const [what, [body, status, code]] of Object.entries(REFUSED)) {
    const answer = await send(key, body);
    expect([what, answer.status, answer.said['code']]).toEqual([what, status, code]);
    expect(answer.said['error']).toEqual(expect.any(String));
  }
  expect(await runSql(url, 'SELECT 1 FROM reading')).toEqual([]);
});

test('markup and marks of writing direction are text like any other', async () => {
  const { key } = await made('crm');
  const text = '<script>alert(1)</script>\n\u202eLeads\u202c\n\u200f4/10 leads used\u200e';
  const { status, said } = await send(key, page({ source: 'crm', text }));
  expect([status, said['accepted'], said['notes']]).toEqual([200, 1, [expect.stringMatching(/^line 1: /)]]);
  expect(await runSql(url, 'SELECT label, used::text FROM meter')).toEqual([{ label: 'Leads', used: '4' }]);
});

test('doctor says when the last page of a source came, and where to sign in if none comes any longer', async () => {
  await made('midjourney');
  const line = async () => (await cli.run(['doctor'])).out.split('\n').find((one) => one.includes('Source midjourney: ')) ?? '';
  expect(await line()).toMatch(/^⚪ .* no page was captured yet/);
  await cli.run(['import', '-', '--source', 'midjourney'], { input: 'Fast hours 1/15 hours used' });
  expect(await line()).toMatch(/^✅ .* last figures \S/);
  await runSql(url, `UPDATE meter SET observed_at = observed_at - interval '8 days'`);
  await runSql(url, `UPDATE reading SET observed_at = observed_at - interval '8 days'`);
  expect(await line()).toMatch(/^❌ .* no page since\. Sign in at www\.midjourney\.com /);
});

test('what is left of an unknown total is shown as that, not as 0 used', async () => {
  const { key } = await made('clay');
  const text = 'Plans & billing\nCredits remaining\n38,204';
  const { status, said } = await send(key, page({ source: 'clay', text, preview: true }));
  expect([status, said['figures']]).toEqual([
    200,
    [{ meter: 'clay_credits', label: 'Clay Credits', used: null, left: '38,204', total: null, unit: 'credits' }],
  ]);
});

describe('a capture key', () => {
  test('reads nothing, pushes nothing, and opens nothing else', async () => {
    const { key } = await made('abmatic');
    await send(key, page());
    const asked = async (path: string, method: string, body?: string) =>
      (await fetch(`${app.url}${path}`, { method, headers: bearer(key), ...(body !== undefined && { body }) })).status;
    const push = JSON.stringify({ source: 'abmatic', readings: [{ meter: 'leads', used: 1 }] });
    expect(await Promise.all([asked('/v1/usage', 'GET'), asked('/v1/usage', 'POST', push), asked('/v1/pages', 'GET')])).toEqual([
      401, 401, 405,
    ]);
    expect(await asked('/local/answer', 'POST', '{}')).toBe(401);
    expect(await stored()).toHaveLength(FIGURES);
  });

  test('is told how the page names a meter, not how Creditwatch does', async () => {
    const { key } = await made('crm');
    const first = page({ source: 'crm', text: 'Leads 4/10 leads used', capturedAt: ago(2 * MINUTE_MS) });
    const before = await send(key, first);
    await runSql(url, `UPDATE meter SET label = 'Project Falcon', unit = 'secrets'`);
    const { said } = await send(key, page({ source: 'crm', text: 'Leads 4/10 leads used', preview: true }));
    expect(said['figures']).toEqual(before.said['figures']);
    expect(JSON.stringify(said)).not.toMatch(/Falcon|secrets/);
  });

  test('is not told the keys of creditwatch.yml, and fills those meters all the same', async () => {
    const declared = Array.from({ length: 49 }, (_, nth) => `      plan_${String(nth)}: {}\n`).join('');
    await start(
      `sources:\n  - id: crm\n    kind: import\n    meters:\n      lead_credits: { label: Leads, aliases: [Contacts] }\n${declared}`,
    );
    const { key } = await made('crm');
    for (const name of ['Leads', 'Contacts']) {
      const text = `${name} 4/10 leads used`;
      const shown = { figures: [{ meter: name.toLowerCase(), label: name, used: '4', left: null, total: '10', unit: 'leads' }] };
      expect(await send(key, page({ source: 'crm', text, preview: true }))).toMatchObject({ status: 200, said: shown });
      const answer = await send(key, page({ source: 'crm', text, capturedAt: ago(name === 'Leads' ? MINUTE_MS : 0) }));
      expect(answer).toMatchObject({ status: 200, said: { accepted: 1, ...shown } });
      expect(JSON.stringify(answer.said)).not.toContain('lead_credits');
    }
    expect(await runSql(url, 'SELECT key FROM meter WHERE used IS NOT NULL')).toEqual([{ key: 'lead_credits' }]);
    const more = page({ source: 'crm', text: 'Leads 4/10 leads used\nCalls 1/2 calls used', capturedAt: ago(0) });
    expect(await send(key, more)).toMatchObject({ status: 422, said: { code: 'too-many-meters' } });
  });

  test('writes the sources that it was made for and no other, whatever name is sent', async () => {
    const { key } = await made('crm', 'abmatic');
    const names = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('crm', 'abmatic', ' CRM', 'crm ', 'crm/leads', 'cr\u200bm', 'other'),
    );
    await fc.assert(
      fc.asyncProperty(names, async (source) => {
        const { status } = await send(key, page({ source, text: 'Leads 4/10 leads used', capturedAt: ago(0) }));
        if (!['crm', 'abmatic'].includes(source.trim())) expect(status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 40 },
    );
    expect(await runSql(url, `SELECT id FROM source WHERE id NOT IN ('crm', 'abmatic')`)).toEqual([]);
  });

  test('is shown once, stored as a hash, listed without itself, and revoked at once', async () => {
    const { key, name } = await made('abmatic');
    expect(JSON.stringify(await runSql(url, 'SELECT * FROM capture_key'))).not.toContain(key);
    const listed = await cli.run(['capture', '--list']);
    expect(listed.out).toMatch(new RegExp(`^${name} for abmatic, made .* by terminal:`));
    expect(listed.out).not.toContain(key);
    expect((await cli.run(['doctor'])).out).toContain(`Capture keys: ${name} for abmatic\n`);
    expect((await cli.run(['capture', '--revoke', name])).code).toBe(0);
    expect(await send(key, page())).toMatchObject({ status: 401, said: { code: 'unknown-key' } });
    expect(await cli.run(['capture', '--revoke', name])).toMatchObject({ code: 1, err: expect.stringContaining(name) });
    expect(app.output()).not.toContain(key);
  });

  test('is needed: an ingest key, a wrong key and no key are refused', async () => {
    await made('abmatic');
    expect(await send(INGEST_KEY, page())).toMatchObject({ status: 401, said: { code: 'unknown-key' } });
    expect(await send(`cwp_${'a'.repeat(32)}`, page())).toMatchObject({ status: 401, said: { code: 'unknown-key' } });
    const without = await fetch(`${app.url}/v1/pages`, { method: 'POST', body: JSON.stringify(page()) });
    expect([without.status, await without.json()]).toMatchObject([401, { code: 'no-key' }]);
  });

  test('goes on without the name of a person who was forgotten', async () => {
    const { key } = await made('abmatic');
    await runSql(url, `UPDATE capture_key SET made_by = 'slack:${slackUser('U0ANNA').id}'`);
    expect((await cli.run(['person', 'export', 'U0ANNA'])).out).not.toMatch(/[0-9a-f]{64}/);
    expect((await cli.run(['person', 'forget', 'U0ANNA'])).code).toBe(0);
    expect(await runSql(url, 'SELECT made_by FROM capture_key')).toEqual([{ made_by: null }]);
    expect(await send(key, page())).toMatchObject({ status: 200 });
    expect((await cli.run(['account', 'delete', 'default', '--yes'])).code).toBe(0);
    expect(await runSql(url, 'SELECT 1 FROM capture_key')).toEqual([]);
    expect(await send(key, page())).toMatchObject({ status: 401 });
  });

  test.each([[[]], [['abmatic', '--list']], [['a/b']]])('is not made of %j', async (texts) => {
    expect((await cli.run(['capture', ...texts])).code).toBe(2);
  });
});
