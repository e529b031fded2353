import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import DKIM from 'nodemailer/lib/dkim';
import type { MailRules } from '../../src/core/meters/mail.ts';
import { rsaKey } from './rsa-key.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/mails/', import.meta.url));
const { privateKey, publicKey } = rsaKey('vendor that writes mails');
const PRIVATE = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

/** The DNS of the vendor `acme.example`, and of others that sign with the same key. */
export const resolveTxt = async (name: string): Promise<readonly string[]> => (name.startsWith('cw._domainkey.') ? [RECORD] : []);

export const RULES: MailRules = {
  from: ['billing@acme.example'],
  to: ['usage@customer.example'],
  signedBy: [],
  notices: [],
  meters: { credits: { label: 'Credits', unit: 'credits' } },
};
/** A signature of the vendor that covers all of a mail, of which only a receiving server could say whether it is genuine. */
export const SIGNATURE =
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example; s=cw; h=from:to:cc:date:subject:mime-version:content-type:content-transfer-encoding; bh=eA==; b=abcdefghijkl';
/** What the server `mx.customer.example` writes on top of a mail that the vendor signed, and that signature. */
export const DKIM_PASS = `Authentication-Results: mx.customer.example; dkim=pass header.d=acme.example\r\n${SIGNATURE}\r\n`;
export const RECEIVED = new Date('2026-12-03T14:06:00Z');

/** A mail of test/fixtures/mails. */
export function fixture(name: string): Buffer {
  return readFileSync(`${FIXTURES}${name}.eml`);
}

/** Signs a mail as a vendor does. */
export async function signed(mail: Buffer | string, domainName = 'acme.example', headerFieldNames?: string): Promise<Buffer> {
  const signer = new DKIM({ domainName, keySelector: 'cw', privateKey: PRIVATE, ...(headerFieldNames && { headerFieldNames }) });
  return buffer(signer.sign(Buffer.from(mail)));
}

/** Replaces a part of a mail, which must have it. */
export function altered(mail: Buffer, from: string | RegExp, to: string): Buffer {
  const text = mail.toString('latin1');
  const after = text.replace(from, to);
  if (after === text) throw new Error(`not in the mail: ${String(from)}`);
  return Buffer.from(after, 'latin1');
}

/** Puts headers on top of a mail, as each server does that it passes. */
export function received(mail: Buffer, ...headers: readonly string[]): Buffer {
  return Buffer.concat([...headers.map((header) => Buffer.from(`${header}\r\n`)), mail]);
}

/** A short plain mail with a subject and a text. */
export function plainMail({
  from = 'Acme <billing@acme.example>',
  to = 'usage@customer.example',
  subject = 'Usage',
  text = '',
  date = 'Thu, 03 Dec 2026 14:05:00 +0000',
  id = '<one@acme.example>',
} = {}): string {
  return `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: ${date}\r\nMessage-ID: ${id}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
}
