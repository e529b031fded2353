import { describe, expect, test } from 'vitest';
import type { MailRules } from '../../../src/core/meters/mail.ts';
import { readMail } from '../../../src/sources/mail/read-mail.ts';
import { altered, fixture, plainMail, received, RECEIVED, resolveTxt, RULES, signed } from '../../support/mail.ts';

async function read(mail: Buffer, rules: Partial<MailRules> = {}, receivedAt = RECEIVED) {
  const result = await readMail(mail, receivedAt, { ...RULES, ...rules }, { authserv: null, resolveTxt });
  return result.ok ? result.value.reading : result.error.code;
}

const AT = { meter: 'credits', observedAt: '2026-12-03T14:05:00.000Z' };
const atLeast = { ...AT, atLeast: true };

describe('a signed notice', () => {
  test.each([
    ['english-plain', { ...atLeast, share: '80' }],
    ['english-html', { ...atLeast, share: '90' }],
    ['german-quoted-printable', { ...atLeast, share: '80' }],
    ['german-left', { ...AT, remaining: '1200', total: '10000' }],
    ['french-multipart', { ...atLeast, share: '80' }],
    ['spanish-plain', { ...atLeast, share: '90' }],
    ['english-left-of-total', { ...AT, remaining: '1200', total: '10000' }],
    ['english-used-of-total', { ...AT, used: '8800', total: '10000' }],
    ['english-fewer-than', { ...atLeast, remaining: '1000' }],
    ['english-used-up', { ...atLeast, share: '100' }],
    ['french-used-up', { ...atLeast, share: '100' }],
    ['newsletter', 'not-understood'],
    ['about-to-run-out', 'not-understood'],
  ])('%s', async (name, expected) => {
    expect(await read(await signed(fixture(name)))).toEqual(expected);
  });

  const said = async (text: string, rules: Partial<MailRules> = {}, subject = 'Usage') =>
    read(await signed(plainMail({ text, subject })), rules);

  test.each([
    ['You have used 75.5% of your credits.', { ...atLeast, share: '75.5' }],
    ['You have 20% of your credits left.', { ...atLeast, share: '80' }],
    ['You have used more than 8,000 credits.', { ...atLeast, used: '8000' }],
    ['80% of your 10,000 credits are used.', { ...atLeast, share: '80', total: '10000' }],
    ['Il vous reste 1 200 crédits.', { ...AT, remaining: '1200' }],
    ['Le quedan 1.200 créditos restantes.', { ...AT, remaining: '1200' }],
    ['You have almost used 80% of your credits.', 'not-understood'],
    ['You will have used 80% of your credits tomorrow.', 'not-understood'],
    ['You have not used 80% of your credits.', 'not-understood'],
    ['If you have used 80% of your credits, upgrade.', 'not-understood'],
    ['You have used 80% of your credits.\nYou have used 90% of your credits.', 'not-understood'],
    ['You have used less than 80% of your credits.', 'not-understood'],
    ['Your credits have not been exhausted.', 'not-understood'],
    ['You have used up 80% of your monthly credits.', { ...atLeast, share: '80' }],
    ['Your credits are 85% exhausted.', 'not-understood'],
    ['Sie haben 80 % Ihrer Credits aufgebraucht.', { ...atLeast, share: '80' }],
    ['You have reached your alert limit of 80%.', 'not-understood'],
    ['You have used eighty percent of your credits.', 'not-understood'],
    ['You used 2 credits today.', 'not-understood'],
    ['You have 3 days left in your trial.', 'not-understood'],
    ['You have 3 items left.', 'not-understood'],
    ['You used 9,500 of 10,000 credits last month.', 'not-understood'],
    ['In November your team used 10,000 of 10,000 credits.', 'not-understood'],
    ['Your storage is 80% used.', 'not-understood'],
    ['You have used 5000% of your credits.', 'not-understood'],
    ['', 'not-understood'],
  ])('%s', async (text, expected) => {
    expect(await said(text)).toEqual(expected);
  });

  const two = { meters: { open_ai: { label: 'OpenAI Tokens', total: 5000 }, campaigns: { label: 'Campaigns', aliases: ['visitors'] } } };

  test('is about the meter that it names, with the total of the file; one that names none or two is unclear', async () => {
    expect(await said('You have used 80% of your OpenAI tokens.', two)).toEqual({
      ...atLeast,
      meter: 'open_ai',
      share: '80',
      statedTotal: 5000,
    });
    expect(await said('You have used 80% of your visitors.', two)).toMatchObject({ meter: 'campaigns' });
    expect(await said('You have used 80% of your plan.', two)).toBe('unclear-meter');
    expect(await said('You have used 80% of your OpenAI tokens.\nYou have used 80% of your visitors.', two)).toBe('unclear-meter');
  });

  test('is read by the patterns of the file before the general ones', async () => {
    const notices = [
      { meter: 'open_ai', subject: 'Acme: {percent} % reached', text: null },
      { meter: 'campaigns', subject: null, text: 'only {left} of {total} visits remain in {any} until' },
    ];
    expect(await said('', { ...two, notices }, 'ACME: 95 % reached')).toMatchObject({ meter: 'open_ai', share: '95', atLeast: true });
    expect(await said('Only 1,200 of\r\n10,000 visits remain in December until the reset', { ...two, notices })).toEqual({
      ...AT,
      meter: 'campaigns',
      remaining: '1200',
      total: '10000',
    });
  });
});

describe('a mail that may be forged is refused', () => {
  const genuine = () => signed(fixture('english-plain'));
  const evil = (from: string) => signed(plainMail({ from, text: 'You have used 100% of your credits.' }), 'evil.example');

  test.each([
    ['without a signature', async () => fixture('english-plain'), 'unsigned'],
    ['with another text', async () => altered(await genuine(), 'used 80%', 'used 99%'), 'bad-signature'],
    ['with another date', async () => altered(await genuine(), '14:05:00', '14:04:00'), 'bad-signature'],
    ['with another subject', async () => altered(await genuine(), 'Subject: You', 'Subject: you'), 'bad-signature'],
    ['with a second sender', async () => received(await genuine(), 'From: Evil <evil@evil.example>'), 'repeated-header'],
    ['with a second subject', async () => received(await genuine(), 'Subject: You have used 100%'), 'repeated-header'],
    [
      'of a signature for a part of the text',
      async () => altered(await genuine(), 'DKIM-Signature: ', 'DKIM-Signature: l=10; '),
      'part-signed',
    ],
    [
      'of a signature that leaves out the date',
      async () => signed(fixture('english-plain'), 'acme.example', 'from:subject'),
      'part-signed',
    ],
    ['of another signer', async () => signed(fixture('english-plain'), 'evil.example'), 'other-signer'],
    ['of a subdomain that is not named', async () => signed(fixture('english-plain'), 'customers.acme.example'), 'other-signer'],
    ['of a longer domain', async () => signed(fixture('english-plain'), 'notacme.example'), 'other-signer'],
    ['without a key in DNS', async () => altered(await genuine(), 's=cw;', 's=no;'), 'bad-signature'],
    [
      'after the end of its signature',
      async () => altered(await genuine(), 'DKIM-Signature: ', 'DKIM-Signature: x=1000; '),
      'bad-signature',
    ],
    ['of another sender', () => evil('Acme <billing@evil.example>'), 'other-sender'],
    ['with the address in the display name', () => evil('"billing@acme.example" <billing@evil.example>'), 'other-sender'],
    ['with the address as an encoded word', () => evil('=?utf-8?B?YmlsbGluZ0BhY21lLmV4YW1wbGU=?= <billing@evil.example>'), 'other-sender'],
    ['of two senders', () => evil('billing@acme.example, evil@evil.example'), 'bad-sender'],
    ['with two addresses in brackets', () => evil('<billing@acme.example> <evil@evil.example>'), 'bad-sender'],
    ['of a group', () => evil('Acme: billing@acme.example;'), 'bad-sender'],
    ['with a comment', () => evil('billing@acme.example (<evil@evil.example>)'), 'bad-sender'],
    ['with an encoded address', () => evil('=?utf-8?Q?Acme_<billing=40acme=2Eexample>?='), 'bad-sender'],
    ['of a domain that only ends alike', () => evil('billing@acme.example.evil.example'), 'other-sender'],
    ['that is no mail', async () => Buffer.from('no mail'), 'not-a-mail'],
    ['that is too large', async () => Buffer.concat([await genuine(), Buffer.alloc(1024 * 1024, 'a')]), 'too-large'],
  ])('%s', async (_name, mail, code) => {
    expect(await read(await mail())).toBe(code);
  });

  test('an old one that is sent again is of its own date, and too old after a month', async () => {
    const mail = await genuine();
    expect(await read(mail, {}, new Date('2026-12-20T08:00:00Z'))).toMatchObject({ observedAt: '2026-12-03T14:05:00.000Z' });
    expect(await read(mail, {}, new Date('2027-01-20T08:00:00Z'))).toBe('too-old');
  });

  test('a domain on the list allows all its addresses and no subdomain, and a named subdomain may sign', async () => {
    const mail = plainMail({ from: 'no-reply@acme.example', text: 'You have used 80% of your credits.' });
    expect(await read(await signed(mail), { from: ['@acme.example'] })).toMatchObject({ share: '80' });
    const below = plainMail({ from: 'no-reply@mail.acme.example', text: 'You have used 80% of your credits.' });
    expect(await read(await signed(below), { from: ['@acme.example'] })).toBe('other-sender');
    expect(await read(await signed(below), { from: ['@mail.acme.example'] })).toMatchObject({ share: '80' });
    expect(await read(await signed(mail, 'mail.acme.example'), { from: ['@acme.example'], signedBy: ['mail.acme.example'] })).toMatchObject(
      {
        share: '80',
      },
    );
  });

  test('while DNS does not answer, nothing is decided', async () => {
    const result = await readMail(await genuine(), RECEIVED, RULES, {
      authserv: null,
      resolveTxt: async () => Promise.reject(new Error('ETIMEOUT')),
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'away' } });
  });
});
