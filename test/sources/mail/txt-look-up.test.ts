import { expect, test } from 'vitest';
import { readMail } from '../../../src/sources/mail/read-mail.ts';
import { createTxtLookUp, sparing } from '../../../src/sources/mail/txt-look-up.ts';
import { startDns } from '../../support/dns.ts';
import { altered, plainMail, RECEIVED, resolveTxt, RULES, signed } from '../../support/mail.ts';

const [RECORD = ''] = await resolveTxt('cw._domainkey.acme.example');
const notice = () => signed(plainMail({ text: 'You have used 80% of your credits.' }));
const withSelector = async (selector: string) => altered(await notice(), 's=cw;', `s=${selector};`);

/** What is found of several mails in one poll. */
async function poll(mails: readonly Buffer[], looksUp: (name: string) => Promise<readonly string[]>) {
  const once = sparing(looksUp, new Set());
  const found: string[] = [];
  for (const mail of mails) {
    const result = await readMail(mail, RECEIVED, RULES, { authserv: null, resolveTxt: once });
    found.push(result.ok ? 'ok' : result.error.code);
  }
  return found;
}

const failing = (code: string) => Promise.reject(Object.assign(new Error('queryTxt'), { code }));

test.each([
  ['an empty label', 'a..b'],
  ['an empty label at the end', 'a.'],
  ['an empty label at the beginning', '.a'],
  ['a label of 64 characters', 'a'.repeat(64)],
  ['a name of more than 253 characters', Array.from({ length: 4 }, () => 'a'.repeat(60)).join('.')],
])('a selector with %s is no selector: the mail is refused, nothing is looked up, and the next mail counts', async (_name, selector) => {
  const { server, asked } = await startDns(() => ({ txt: RECORD }));
  expect(await poll([await withSelector(selector), await notice()], createTxtLookUp([server]))).toEqual(['bad-signature', 'ok']);
  expect(asked).toEqual(['cw._domainkey.acme.example']);
});

test('a name that cannot be one, or that does not exist, has no record', async () => {
  const { server } = await startDns(() => 'nxdomain');
  const lookUp = createTxtLookUp([server]);
  expect(await lookUp('a..b.acme.example')).toEqual([]);
  expect(await lookUp(`${'a'.repeat(64)}.acme.example`)).toEqual([]);
  expect(await lookUp('a.acme.example')).toEqual([]);
});

test.each(['servfail', 'refused'] as const)('a name that its server answers with %s keeps only its own mail waiting', async (answer) => {
  const { server } = await startDns((name) => (name.startsWith('cw.') ? { txt: RECORD } : answer));
  expect(await poll([await withSelector('old'), await notice()], createTxtLookUp([server]))).toEqual(['away', 'ok']);
});

test('a domain without an answer keeps no other domain waiting, and two of them end the look-ups of the poll', async () => {
  const names: string[] = [];
  const looksUp = (name: string) => {
    names.push(name);
    return name.includes('silent') ? failing('ETIMEOUT') : resolveTxt(name);
  };
  const once = sparing(looksUp, new Set());
  await expect(once('a._domainkey.silent.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  await expect(once('b._domainkey.silent.example')).rejects.toMatchObject({ code: 'SILENT_SERVERS' });
  expect(await once('cw._domainkey.acme.example')).toEqual([RECORD]);
  await expect(once('a._domainkey.silent2.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  await expect(once('cw._domainkey.other.example')).rejects.toMatchObject({ code: 'SILENT_SERVERS' });
  expect(await once('cw._domainkey.acme.example')).toEqual([RECORD]);
  expect(names).toHaveLength(3);
});

test('a hundred new names are looked up in one poll at most, and those under which a key was found before in any case', async () => {
  const known = new Set<string>();
  const forged = (nth: number) => `s${String(nth)}._domainkey.acme.example`;
  expect(await sparing(resolveTxt, known)('cw._domainkey.acme.example')).toEqual([RECORD]);
  const once = sparing(resolveTxt, known);
  for (let nth = 0; nth < 100; nth += 1) expect(await once(forged(nth))).toEqual([]);
  await expect(once(forged(100))).rejects.toMatchObject({ code: 'MANY_NAMES' });
  expect(await once('cw._domainkey.acme.example')).toEqual([RECORD]);
  expect([...known]).toEqual(['cw._domainkey.acme.example']);
});

test('names of which a key is known take no place from new ones', async () => {
  const known = new Set(Array.from({ length: 120 }, (_, nth) => `k${String(nth)}._domainkey.acme.example`));
  const once = sparing(async () => [RECORD], known);
  for (const name of known) expect(await once(name)).toEqual([RECORD]);
  expect(await once('cw._domainkey.acme.example')).toEqual([RECORD]);
});

test('a record of another kind, which a domain may have for all names, makes no name known', async () => {
  const known = new Set<string>();
  for (const record of ['v=spf1 -all', 'v=DKIM1; p=', 'p'])
    expect(await sparing(async () => [record], known)(`${String(known.size)}._domainkey.acme.example`)).toEqual([record]);
  expect(known).toEqual(new Set());
});
