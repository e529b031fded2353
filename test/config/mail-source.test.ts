import { expect, test } from 'vitest';
import { readFileText } from '../../src/config/file.ts';

const READY = 'id: acme, kind: mail, from: [billing@acme.example], to: [usage@customer.example], meters: { credits: { total: 10000 } }';
const BOX = 'imap: { host: imap.acme.example, user: usage, password: "${MAIL_PASSWORD}" }';

function read(source: string, env: Readonly<Record<string, string>> = { MAIL_PASSWORD: 'mailbox-password-1234' }) {
  return readFileText(`sources: [{ ${source} }]`, { path: 'creditwatch.yml', name: 'creditwatch.yml', env, platforms: [] });
}

test('a mailbox has its usual port and folder, is read every 15 minutes, and its password is a secret', () => {
  const file = read(`${READY}, ${BOX}`);
  expect(file).toMatchObject({
    ok: true,
    value: {
      sourceSecrets: ['mailbox-password-1234'],
      accounts: [
        {
          ingestKeys: [],
          sources: [
            {
              kind: 'mail',
              everyMs: 900_000,
              rules: { from: ['billing@acme.example'], to: ['usage@customer.example'], meters: { credits: { total: 10_000 } } },
              mailbox: { port: 993, folder: 'INBOX', authserv: null, isPlain: false, keyVariables: ['MAIL_PASSWORD'] },
            },
          ],
        },
      ],
    },
  });
});

test('an address of a public domain may be in to', () => {
  expect(read(`${READY}, ${BOX}`.replace('usage@customer.example', 'ours@gmail.com'))).toMatchObject({ ok: true });
});

test('the host of authserv is of the mailbox', () => {
  expect(read(`${READY}, ${BOX}, keys: [key-of-the-mail-service], authserv: MX.customer.example`)).toMatchObject({
    value: { accounts: [{ sources: [{ mailbox: { authserv: 'mx.customer.example' } }] }] },
  });
});

test('the keys of a mail source are secrets, and no ingest keys', () => {
  const file = read(`${READY}, keys: [key-of-the-mail-service]`);
  expect(file).toMatchObject({ ok: true, value: { sourceSecrets: ['key-of-the-mail-service'], accounts: [{ ingestKeys: [] }] } });
});

test.each([
  [READY, 'sources[0]'],
  [`${READY}, ${BOX}, from: []`.replace('from: [billing@acme.example], ', ''), 'sources[0].from'],
  [`${READY}, ${BOX}`.replace('billing@acme.example', 'acme.example'), 'sources[0].from[0]'],
  [`${READY}, ${BOX}`.replace('to: [usage@customer.example], ', ''), 'sources[0].to'],
  [`${READY}, ${BOX}`.replace('[usage@customer.example]', '[]'), 'sources[0].to'],
  [`${READY}, ${BOX}`.replace('usage@customer.example', 'usage'), 'sources[0].to[0]'],
  [`${READY}, ${BOX}`.replace('usage@customer.example', '"@gmail.com"'), 'sources[0].to[0]'],
  [`${READY}, keys: [key-of-the-mail-service], authserv: mx.customer.example`, 'sources[0].authserv'],
  [`${READY}, ${BOX}`.replace('{ credits: { total: 10000 } }', '{}'), 'sources[0].meters'],
  [`${READY}, ${BOX}`.replace('total: 10000', 'total: -1'), 'sources[0].meters.credits.total'],
  [`${READY}, ${BOX}`.replace('password: "${MAIL_PASSWORD}"', 'folder: x'), 'sources[0].imap.password'],
  [`${READY}, ${BOX}`.replace('user: usage', 'user: usage, tls: false'), 'sources[0].imap.tls'],
  [`${READY}, ${BOX}, signedBy: [x]`, 'sources[0].signedBy[0]'],
  [`${READY}, keys: [key-of-the-mail-service], every: 5m`, 'sources[0].every'],
  [`${READY}, keys: [short]`, 'sources[0].keys[0]'],
  [`${READY}, ${BOX}, notices: [{ meter: other, text: "{percent} used" }]`, 'sources[0].notices[0].meter'],
  [`${READY}, ${BOX}, notices: [{ meter: credits, text: "used" }]`, 'sources[0].notices[0]'],
  [`${READY}, ${BOX}, notices: [{ meter: credits, text: "{used}{total}" }]`, 'sources[0].notices[0]'],
  [`${READY}, ${BOX}, notices: [{ meter: credits, text: "{used} and {used}" }]`, 'sources[0].notices[0]'],
  [`${READY}, ${BOX}, notices: [{ meter: credits, text: "{credits} used" }]`, 'sources[0].notices[0]'],
])('names the key of a mistake: %s', (source, key) => {
  const file = read(source);
  expect(file.ok ? [] : file.error.map(({ where }) => where.replace(/^creditwatch\.yml:\d+ /, ''))).toEqual([key]);
});
