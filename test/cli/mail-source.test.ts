import { expect, test } from 'vitest';
import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { startImap, type ImapServer } from '../support/imap.ts';
import { DKIM_PASS, plainMail } from '../support/mail.ts';
import { startPipeline } from '../support/pipeline.ts';

const DAY_MS = 86_400_000;
const env = { MAIL_PASSWORD: 'mailbox-password-1234', MAIL_KEY: 'key-of-the-mail-service-1234' };

/** When the mails were sent. All is derived from it, also where midnight passes meanwhile. */
const SENT_AT = new Date(Date.now() - 60_000);
/** A period that began some days before the mails, on whatever day this runs. */
const since = (days: number) => `period: { every: 40d, start: ${new Date(SENT_AT.getTime() - days * DAY_MS).toISOString().slice(0, 10)} }`;
const boxOf = ({ port }: ImapServer) =>
  `imap: { host: 127.0.0.1, port: ${String(port)}, tls: false, user: usage@customer.example, password: "\${MAIL_PASSWORD}" }`;
const fileOf = (how: string, meter = '{ label: Credits, unit: credits }') =>
  `sources: [{ id: acme, kind: mail, from: [billing@acme.example], to: [usage@customer.example], ${how.startsWith('imap') ? 'authserv: mx.customer.example, ' : ''}${how}, meters: { credits: ${meter} } }]\n`;

function deliver(imap: ImapServer, text: string, more: Parameters<typeof plainMail>[0] = {}): void {
  const receivedAt = SENT_AT;
  imap.deliver({ bytes: Buffer.from(DKIM_PASS + plainMail({ text, date: receivedAt.toUTCString(), ...more })), receivedAt });
}

/** A command line with this file. */
function typing(file: string, databaseUrl?: string) {
  const cli = commandLine({ dataDir: dataFolder(), env, ...(databaseUrl !== undefined && { databaseUrl }) });
  cli.write('creditwatch.yml', file);
  return cli;
}

test('try shows what each mail says, or why it is not used, and changes nothing in the mailbox', async () => {
  const imap = await startImap();
  deliver(imap, 'You have used 8,800 of 10,000 credits.');
  deliver(imap, 'Hello!', { id: '<two@acme.example>' });
  imap.deliver({ bytes: Buffer.from(plainMail({ text: 'You have used 100% of your credits.' })), receivedAt: new Date() });
  const { out, err, code } = await typing(fileOf(`${boxOf(imap)}, ${since(20)}`)).run(['try', 'acme']);
  expect(out).toMatch(/^ {2}\d{1,2} \w{3}: credits: used 8800, total 10000\nAccount default\./);
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/: not used: its notice was not understood$/),
    expect.stringMatching(/: refused: /),
    '',
  ]);
  expect(code).toBe(0);
  expect(imap.commands.filter((one) => /^(SELECT|STORE|UID STORE|EXPUNGE|COPY|MOVE|APPEND)/i.test(one))).toEqual([]);
  expect(out + err).not.toContain(env.MAIL_PASSWORD);
});

test('try tells of a part without a total and of a mail near a reset, also as JSON', async () => {
  const imap = await startImap();
  deliver(imap, 'You have used 80% of your credits.');
  const without = await typing(fileOf(`${boxOf(imap)}, ${since(20)}`)).run(['try', 'acme']);
  expect([without.out, without.err]).toEqual([expect.stringContaining('at least 80% used'), expect.stringContaining('only if the total')]);
  const json = await typing(fileOf(`${boxOf(imap)}, ${since(20)}`)).run(['try', 'acme', '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ source: 'acme', mails: [{ share: '80', code: 'total-missing' }] });
  const known = await typing(fileOf(`${boxOf(imap)}, ${since(20)}`, '{ total: 10000 }')).run(['try', 'acme']);
  expect(known.err).toBe('');
  const near = await typing(fileOf(`${boxOf(imap)}, ${since(0)}`, '{ total: 10000 }')).run(['try', 'acme', '--json']);
  expect(JSON.parse(near.out)).toMatchObject({ mails: [{ code: 'too-near-reset' }] });
});

test('try says that a mailbox is empty, refuses its login or cannot be reached, and that a source has none', async () => {
  const imap = await startImap();
  const cli = typing(fileOf(boxOf(imap)));
  expect((await cli.run(['try', 'acme'])).out).toContain('has no mails of the senders');
  imap.be('refusing');
  expect(await cli.run(['try', 'acme'])).toMatchObject({ code: 1, err: expect.stringContaining('MAIL_PASSWORD') });
  imap.be('closed');
  expect(await cli.run(['try', 'acme'])).toMatchObject({ code: 1, err: expect.stringContaining('cannot be reached') });
  expect(await typing(fileOf('keys: ["${MAIL_KEY}"]')).run(['try', 'acme'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('POST /v1/mail'),
  });
});

test('doctor and /usage tell the mails of a mail service that gave no figures, with what to do about each kind', async () => {
  const file = fileOf('keys: ["${MAIL_KEY}"]');
  const pipeline = await startPipeline(file, new Date().toISOString(), env);
  const cli = typing(file, pipeline.url);
  expect((await cli.run(['doctor'])).out).toContain('✅ Source acme: takes mails by POST /v1/mail\n');
  const sentAt = pipeline.now();
  const outcomes = ['not-understood', 'total-missing', 'too-near-reset', 'stored'] as const;
  const mails = outcomes.map((outcome) => ({ digest: outcome, outcome, sentAt }));
  await pipeline.store.mails.remember('default', 'acme', mails, sentAt);
  const { out, code } = await cli.run(['doctor']);
  const line = out.split('\n').find((one) => one.includes('Source acme')) ?? '';
  expect(line.match(/a mail of/gi)).toHaveLength(3);
  expect(line).toMatch(/^❌ .*not understood.*\/usage total/);
  expect(line).not.toContain('creditwatch try');
  expect(code).toBe(1);
  expect((await pipeline.usage()).match(/a mail of/g)).toHaveLength(3);
});

test('doctor shows the mails of a mailbox that gave no figures, and how to look at them', async () => {
  const imap = await startImap();
  const file = fileOf(`${boxOf(imap)}, ${since(20)}`);
  const pipeline = await startPipeline(file, new Date().toISOString(), env);
  const cli = typing(file, pipeline.url);
  await pipeline.poll();
  expect((await cli.run(['doctor'])).out).toMatch(/^✅ Source acme: polled every .*, last success/m);
  deliver(imap, 'Hello!');
  await pipeline.goTo(new Date(Date.now() + 20 * 60_000).toISOString());
  const { out, code } = await cli.run(['doctor']);
  expect(out).toMatch(/^❌ Source acme: A mail of .*: its notice was not understood.* npx creditwatch try acme /m);
  expect(code).toBe(1);
});
