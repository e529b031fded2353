import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startImap } from '../support/imap.ts';
import { altered, fixture, plainMail, signed } from '../support/mail.ts';
import { startPipeline } from '../support/pipeline.ts';

const fileOf = (port: number, more = '') => `
timezone: Europe/Berlin
sources:
  - id: acme
    kind: mail
    from: [billing@acme.example]
    to: [usage@customer.example]
    imap: { host: 127.0.0.1, port: ${String(port)}, tls: false, user: usage@customer.example, password: "\${MAIL_PASSWORD}" }
    period: { every: month, day: 1 }
    meters: { credits: { label: Credits, unit: credits, total: 10000 } }
    ${more}
routes: [{ slack: C0ALERTS, meters: all, digest: false }, { slack: C0OPERATIONS, operations: true }]
`;

async function mailed(more = '') {
  const imap = await startImap();
  const pipeline = await startPipeline(fileOf(imap.port, more), '2026-12-03T14:00:00Z', { MAIL_PASSWORD: 'mailbox-password-1234' });
  const deliver = async (mail: Buffer | Promise<Buffer>, at = '2026-12-03T14:06:00Z') =>
    imap.deliver({ bytes: await mail, receivedAt: new Date(at) });
  const ledger = async () => (await pipeline.store.polls('default'))[0];
  const readings = () => runSql(pipeline.url, 'SELECT used::int, is_at_least FROM reading ORDER BY observed_at');
  const mails = () => runSql(pipeline.url, 'SELECT outcome FROM mail ORDER BY sent_at, outcome');
  return { imap, pipeline, deliver, ledger, readings, mails };
}

test('a notice in the mailbox becomes an alert, once, and nothing in the mailbox changes', async () => {
  const { imap, pipeline, deliver, ledger, readings } = await mailed();
  await pipeline.goTo('2026-12-03T14:05:00Z');
  expect(await ledger()).toMatchObject({ failures: 0, problem: null });
  await deliver(signed(fixture('english-plain')));
  await pipeline.goTo('2026-12-03T14:30:00Z');
  expect(pipeline.news()).toEqual([expect.stringContaining('at least 8,000 / 10,000 credits used · at least 80% (mail of 3 Dec)')]);
  await pipeline.goTo('2026-12-03T18:00:00Z');
  expect(pipeline.news()).toEqual([]);
  expect(await readings()).toEqual([{ used: 8000, is_at_least: true }]);
  expect(imap.commands.filter((one) => /^(SELECT|STORE|UID STORE|EXPUNGE|COPY|MOVE|APPEND)/i.test(one))).toEqual([]);
  expect(imap.commands.filter((one) => one.startsWith('UID FETCH'))).toEqual([
    expect.stringContaining('BODY.PEEK[HEADER]'),
    expect.stringContaining('BODY.PEEK[]'),
  ]);
});

test('a crash between storing and remembering, a second worker and new numbers of the mails repeat nothing and lose nothing', async () => {
  const { imap, pipeline, deliver, readings } = await mailed();
  await deliver(signed(fixture('english-plain')));
  await pipeline.goTo('2026-12-03T14:30:00Z');
  await runSql(pipeline.url, 'DELETE FROM mail');
  await deliver(
    signed(plainMail({ text: 'You have used 90% of your credits.', date: 'Thu, 03 Dec 2026 14:40:00 +0000', id: '<two@acme.example>' })),
    '2026-12-03T14:40:00Z',
  );
  await pipeline.goTo('2026-12-03T15:00:00Z');
  imap.renumber();
  await pipeline.goTo('2026-12-03T16:00:00Z');
  expect(await readings()).toEqual([
    { used: 8000, is_at_least: true },
    { used: 9000, is_at_least: true },
  ]);
  expect(pipeline.news()).toHaveLength(1);
});

test.each([
  ['a lower bound', 'You have used 90% of your credits.'],
  ['exact figures', 'You have used 9,000 of 10,000 credits.'],
])('%s of a period that is over when it is read is stored and says nothing, and the next period has its alerts', async (_kind, text) => {
  const { pipeline, deliver, readings } = await mailed();
  const mail = (date: string, id: string) => signed(plainMail({ text, date, id }));
  await deliver(mail('Fri, 20 Nov 2026 10:00:00 +0000', '<one@acme.example>'), '2026-11-20T10:00:00Z');
  await pipeline.goTo('2026-12-03T14:30:00Z');
  expect(pipeline.news()).toEqual([]);
  expect(await readings()).toMatchObject([{ used: 9000 }]);
  await deliver(mail('Thu, 03 Dec 2026 14:40:00 +0000', '<two@acme.example>'), '2026-12-03T14:40:00Z');
  await pipeline.goTo('2026-12-03T15:00:00Z');
  expect(pipeline.news()).toEqual([expect.stringContaining('is already at 90%'), expect.stringContaining('November closed at')]);
  expect(await readings()).toMatchObject([{ used: 9000 }, { used: 9000 }]);
});

test('a forged mail is refused and told with its code for a week, and nothing of it is stored', async () => {
  const { pipeline, deliver, ledger, readings, mails } = await mailed();
  await deliver(fixture('english-used-up'));
  await deliver(
    signed(
      plainMail({ from: '"billing@acme.example" <billing@evil.example>', text: 'You have used 100% of your credits.' }),
      'evil.example',
    ),
  );
  await pipeline.goTo('2026-12-03T15:00:00Z');
  expect(await readings()).toEqual([]);
  expect(await mails()).toEqual([{ outcome: 'other-sender' }, { outcome: 'unsigned' }]);
  const { reason = '' } = (await ledger())?.problem ?? {};
  expect(reason).toMatch(/a mail of 3 Dec, was refused: the sender.*; a mail of 3 Dec, was refused: no DKIM/);
  expect(reason).not.toMatch(/evil|billing|100/);
  pipeline.jump('2026-12-11T15:00:00Z');
  await pipeline.settle();
  expect((await ledger())?.problem).toBeNull();
  await pipeline.store.mails.forget(new Date('2026-12-03T14:00:00Z'));
  expect(await mails()).toHaveLength(2);
  await pipeline.store.mails.forget(new Date('2026-12-04T00:00:00Z'));
  expect(await mails()).toEqual([]);
});

test('hundreds of mails that cannot count delay no notice, and each of them is told', async () => {
  const { imap, pipeline, deliver, ledger, readings } = await mailed();
  const genuine = await signed(fixture('english-plain'));
  const forged = altered(genuine, /bh=[^;]+/, 'bh=eA==');
  const others = (nth: number) => [
    plainMail({ id: `<${String(nth)}@acme.example>` }),
    forged,
    plainMail({ from: '"billing@acme.example" <a@evil.example>' }),
  ];
  const flood = async () => {
    for (let nth = 0; nth < 70; nth += 1) for (const mail of others(nth)) await deliver(Buffer.from(mail));
  };
  await flood();
  await deliver(genuine);
  await flood();
  await pipeline.goTo('2026-12-03T14:16:00Z');
  expect(pipeline.news()).toEqual([expect.stringContaining('at least 80%')]);
  expect(await readings()).toEqual([{ used: 8000, is_at_least: true }]);
  expect((await ledger())?.problem?.reason).toMatch(/140 mails.*140 mails.*140 mails/);
  expect(imap.commands.filter((one) => one.includes('BODY.PEEK[]'))).toHaveLength(1);
});

test('a mail that is not understood is told, and one without a total counts once a total is known', async () => {
  const { imap, pipeline, deliver, ledger, mails, readings } = await mailed();
  await pipeline.declare(fileOf(imap.port).replace(', total: 10000', ''));
  await deliver(signed(fixture('english-plain')));
  await deliver(signed(fixture('newsletter')));
  await pipeline.goTo('2026-12-03T15:00:00Z');
  expect(await mails()).toEqual([{ outcome: 'not-understood' }, { outcome: 'total-missing' }]);
  expect((await ledger())?.problem?.reason).toMatch(/not understood.*total/s);
  await pipeline.declare(fileOf(imap.port));
  await pipeline.goTo('2026-12-03T16:00:00Z');
  expect(await readings()).toEqual([{ used: 8000, is_at_least: true }]);
  expect(await mails()).toEqual([{ outcome: 'not-understood' }, { outcome: 'stored' }]);
});

test('a refused login is told to operations at once with the variable, and a mailbox that is away is tried again', async () => {
  const { imap, pipeline, deliver, ledger, readings } = await mailed();
  imap.be('refusing');
  await pipeline.goTo('2026-12-03T14:20:00Z');
  expect((await ledger())?.problem).toMatchObject({ remedy: expect.stringContaining('MAIL_PASSWORD') });
  expect(pipeline.news()).toEqual([expect.stringContaining('MAIL_PASSWORD')]);
  imap.be('closed');
  await pipeline.goTo('2026-12-03T14:40:00Z');
  expect(await ledger()).toMatchObject({ problem: { reason: expect.stringContaining('cannot be reached') } });
  imap.be('well');
  await deliver(signed(fixture('english-plain')));
  await pipeline.goTo('2026-12-03T15:10:00Z');
  expect(await ledger()).toMatchObject({ failures: 0, problem: null });
  expect(await readings()).toHaveLength(1);
  expect(JSON.stringify(await ledger())).not.toContain('mailbox-password');
});

test('an access token logs in, and only the named folder is read', async () => {
  const imap = await startImap();
  const file = fileOf(imap.port).replace('password: "${MAIL_PASSWORD}"', 'accessToken: "${MAIL_PASSWORD}", folder: Usage');
  const pipeline = await startPipeline(file, '2026-12-03T14:00:00Z', { MAIL_PASSWORD: 'mailbox-password-1234' });
  imap.deliver({ bytes: await signed(fixture('english-plain')), receivedAt: new Date('2026-12-03T14:06:00Z') });
  await pipeline.goTo('2026-12-03T14:30:00Z');
  expect(await pipeline.usage()).toContain('No figures yet');
  imap.deliver({ bytes: await signed(fixture('english-plain')), receivedAt: new Date('2026-12-03T14:06:00Z'), folder: 'Usage' });
  await pipeline.goTo('2026-12-03T15:00:00Z');
  expect(await pipeline.usage()).toContain('at least 80%');
  await pipeline.declare(file.replace('folder: Usage', 'folder: Gone'), { MAIL_PASSWORD: 'mailbox-password-1234' });
  await pipeline.goTo('2026-12-03T15:30:00Z');
  expect((await pipeline.store.polls('default'))[0]?.problem?.reason).toContain('Gone');
});
