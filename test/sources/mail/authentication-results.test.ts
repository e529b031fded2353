import { describe, expect, test } from 'vitest';
import { readMail } from '../../../src/sources/mail/read-mail.ts';
import { plainMail, received, RECEIVED, resolveTxt, RULES, SIGNATURE } from '../../support/mail.ts';

const RESULTS = 'Authentication-Results: mx.customer.example;';

describe('by the results of the receiving server', () => {
  const PASS = 'dkim=pass header.d=acme.example';
  const LESS = SIGNATURE.replace(':content-type', '');

  test.each<[string, readonly string[], string]>([
    [
      'pass',
      [`${RESULTS} dkim=pass header.i=@acme.example header.s=cw header.b=abcdefgh; spf=pass smtp.mailfrom=acme.example`, SIGNATURE],
      'ok',
    ],
    [
      'pass with comments and a version',
      [`Authentication-Results: mx.customer.example 1; spf=fail (a; dkim=pass); dkim=pass (ok) header.d=acme.example`, SIGNATURE],
      'ok',
    ],
    ['pass of an identity below', [`${RESULTS} ${PASS} header.i=@mail.acme.example`, `${SIGNATURE}; i=@mail.acme.example`], 'ok'],
    ['fail', [`${RESULTS} dkim=fail header.d=acme.example`, SIGNATURE], 'bad-signature'],
    ['fail whose reason ends like a pass', [`${RESULTS} dkim=fail"=pass" header.d=acme.example`, SIGNATURE], 'bad-signature'],
    ['none', [`${RESULTS} spf=pass smtp.mailfrom=acme.example`, SIGNATURE], 'unsigned'],
    ['no header', [SIGNATURE], 'unsigned'],
    ['another domain', [`${RESULTS} dkim=pass header.d=evil.example`, SIGNATURE], 'other-signer'],
    ['pass only in a comment', [`${RESULTS} spf=pass (x; ${PASS})`, SIGNATURE], 'unsigned'],
    ['pass only in quotes', [`${RESULTS} spf=pass reason="x; ${PASS}"`, SIGNATURE], 'unsigned'],
    ['two domains in one result', [`${RESULTS} ${PASS} header.d=evil.example`, SIGNATURE], 'other-signer'],
    ['another host', [`Authentication-Results: mx.evil.example; ${PASS}`, SIGNATURE], 'other-host'],
    ['a host that only begins alike', [`Authentication-Results: mx.customer.example.evil; ${PASS}`, SIGNATURE], 'other-host'],
    [
      'one of the host below that of another',
      ['Authentication-Results: mx.evil.example; dkim=none', `${RESULTS} ${PASS}`, SIGNATURE],
      'other-host',
    ],
    ['a forged one below the real one', [`${RESULTS} dkim=none`, `${RESULTS} ${PASS}`, SIGNATURE], 'bad-signature'],
    ['a comment that does not end', [`${RESULTS} (${PASS}`, SIGNATURE], 'bad-signature'],
    ['pass of a key in test mode', [`${RESULTS} dkim=pass (test key) header.d=acme.example`, SIGNATURE], 'bad-signature'],
    ['pass without the signature', [`${RESULTS} ${PASS}`], 'bad-signature'],
    ['pass of a selector that no signature has', [`${RESULTS} ${PASS} header.s=other`, SIGNATURE], 'bad-signature'],
    ['pass of another signature by its beginning', [`${RESULTS} ${PASS} header.b=zyxwvuts`, SIGNATURE], 'bad-signature'],
    ['pass of a signature for a part of the text', [`${RESULTS} ${PASS}`, `${SIGNATURE}; l=10`], 'part-signed'],
    ['pass of a signature that leaves out a header', [`${RESULTS} ${PASS}`, LESS], 'part-signed'],
    ['pass of SHA-1', [`${RESULTS} ${PASS}`, SIGNATURE.replace('sha256', 'sha1')], 'bad-signature'],
    ['pass of a signature with a tag twice', [`${RESULTS} ${PASS}`, `${SIGNATURE}; h=from`], 'bad-signature'],
    [
      'a forged signature that covers more, of the same beginning',
      [`${RESULTS} ${PASS} header.b=abcdefgh`, SIGNATURE, LESS],
      'part-signed',
    ],
    [
      'a forged signature that covers more, beside one that cannot be read',
      [`${RESULTS} ${PASS}`, SIGNATURE, SIGNATURE.replace('sha256', 'sha1')],
      'bad-signature',
    ],
    [
      'a second signature that the server does not mean',
      [`${RESULTS} ${PASS} header.b=abcdefgh`, SIGNATURE, LESS.replace('abcdefgh', 'zyxwvuts')],
      'ok',
    ],
    [
      'two that passed, of which one covers all',
      [`${RESULTS} ${PASS} header.s=two; ${PASS} header.s=cw`, SIGNATURE, LESS.replace('s=cw', 's=two')],
      'ok',
    ],
    [
      'a signature of another domain beside',
      [`${RESULTS} dkim=pass header.d=mailer.example; ${PASS}`, LESS.replace('acme', 'mailer'), SIGNATURE],
      'ok',
    ],
  ])('%s', async (_name, headers, expected) => {
    const mail = received(Buffer.from(plainMail({ text: 'You have used 80% of your credits.' })), ...headers);
    const result = await readMail(mail, RECEIVED, RULES, { authserv: 'mx.customer.example', resolveTxt });
    expect(result.ok ? 'ok' : result.error.code).toBe(expected);
  });
});
