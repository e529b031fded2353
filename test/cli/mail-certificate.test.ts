import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder } from '../support/app.ts';
import { selfSigned } from '../support/certificate.ts';
import { commandProcess } from '../support/cli.ts';
import { startImap } from '../support/imap.ts';
import { DKIM_PASS, plainMail } from '../support/mail.ts';

const fileOf = (host: string, port: number) => `
sources:
  - id: acme
    kind: mail
    from: [billing@acme.example]
    to: [usage@customer.example]
    authserv: mx.customer.example
    imap: { host: ${host}, port: ${String(port)}, user: usage@customer.example, password: "\${MAIL_PASSWORD}" }
    meters: { credits: { label: Credits, unit: credits, total: 10000 } }
`;

test('a mailbox is read over TLS with a certificate that NODE_EXTRA_CA_CERTS names, and with no other', async () => {
  const certificate = selfSigned({ hosts: 'localhost' });
  const imap = await startImap({ certificate });
  const at = new Date(Date.now() - 60_000);
  imap.deliver({
    bytes: Buffer.from(DKIM_PASS + plainMail({ text: 'You have used 80% of your credits.', date: at.toUTCString() })),
    receivedAt: at,
  });
  const line = commandProcess({ dataDir: dataFolder(), env: { MAIL_PASSWORD: 'mailbox-password-1234' } });
  line.write('creditwatch.yml', fileOf('localhost', imap.port));
  line.write('ca.pem', certificate.cert);
  line.write('other.pem', selfSigned({ hosts: 'localhost', name: 'another' }).cert);
  const read = (ca: string | null) => line.run(['try', 'acme'], ca === null ? {} : { env: { NODE_EXTRA_CA_CERTS: join(line.folder, ca) } });

  for (const ca of [null, 'other.pem']) {
    const refused = await read(ca);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') });
    expect(refused.err).toContain('NODE_EXTRA_CA_CERTS');
  }
  expect(imap.commands).toEqual([]);
  expect(await read('ca.pem')).toMatchObject({ code: 0, out: expect.stringContaining('credits: at least 80% used'), err: '' });

  line.write('creditwatch.yml', fileOf('127.0.0.1', imap.port));
  expect(await read('ca.pem')).toMatchObject({ code: 1, err: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') });
});
