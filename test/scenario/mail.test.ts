import { expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { startImap } from '../support/imap.ts';
import { DKIM_PASS, plainMail } from '../support/mail.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';

const DAY_MS = 86_400_000;

test('the process reads a notice in a mailbox and posts it to Slack, and takes no results of a mail that comes by POST', async () => {
  const [imap, slack, database] = [await startImap(), await connectedSlack(), await createDatabase()];
  const at = new Date(Date.now() - 60_000);
  const notice = (share: number, id: string) =>
    DKIM_PASS + plainMail({ text: `You have used ${String(share)}% of your credits.`, date: at.toUTCString(), id });
  imap.deliver({ bytes: Buffer.from(notice(80, '<a@acme.example>')), receivedAt: at });
  const start = new Date(Date.now() - 20 * DAY_MS).toISOString().slice(0, 10);
  const file = `
sources:
  - id: acme
    kind: mail
    from: ['@acme.example']
    to: ['@customer.example']
    authserv: mx.customer.example
    imap: { host: 127.0.0.1, port: ${String(imap.port)}, tls: false, user: usage@customer.example, password: "\${MAIL_PASSWORD}" }
    keys: ["\${MAIL_KEY}"]
    period: { every: 40d, start: ${start} }
    meters: { credits: { label: Credits, unit: credits, total: 10000 } }
routes: [{ slack: C0ALERTS, meters: all, digest: false }]
`;
  const secrets = { MAIL_PASSWORD: 'mailbox-password-1234', MAIL_KEY: 'key-of-the-mail-service' };
  const app = await startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file, env: { ...slack.env, ...secrets } });
  const warning = await slack.arrival('C0ALERTS');
  expect(shownText(warning.blocks)).toMatch(
    /at least 8,000 \/ 10,000 credits used · at least 80% \(mail of \d{1,2} \w{3}\) · at most 2,000 left/,
  );
  const sent = await fetch(`${app.url}/v1/mail`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets.MAIL_KEY}` },
    body: JSON.stringify({ raw: notice(100, '<b@acme.example>').replace('bh=eA==', 'bh=eQ==') }),
  });
  // Its Authentication-Results are the sender's own.
  expect(await sent.json()).toMatchObject({ accepted: 0, code: 'bad-signature', refused: true });
  for (const secret of Object.values(secrets)) expect(app.output()).not.toContain(secret);
});
