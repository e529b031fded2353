import { describe, expect, test } from 'vitest';
import type { MailRules } from '../../../src/core/meters/mail.ts';
import { checkHead, readMail } from '../../../src/sources/mail/read-mail.ts';
import { altered, DKIM_PASS, plainMail, received, RECEIVED, resolveTxt, RULES, SIGNATURE, signed } from '../../support/mail.ts';

const TEXT = 'You have used 80% of your credits.';
const RESULTS = 'Authentication-Results: mx.customer.example;';
const AUTHSERV = 'mx.customer.example';

type Proof = { readonly authserv?: string | null; readonly rules?: Partial<MailRules>; readonly at?: Date };

async function read(mail: Buffer, { authserv = null, rules = {}, at = RECEIVED }: Proof = {}) {
  const result = await readMail(mail, at, { ...RULES, ...rules }, { authserv, resolveTxt });
  // Of a mail in a mailbox, the head alone decides whether its body is fetched: it refuses what is refused, and nothing that counts.
  const end = mail.indexOf('\r\n\r\n');
  const ofHead = await checkHead(end < 0 ? mail : mail.subarray(0, end + 4), at, { ...RULES, ...rules }, { authserv, resolveTxt });
  if (!ofHead.ok) expect(result).toMatchObject({ ok: false, error: { code: ofHead.error } });
  return result;
}

async function verdict(mail: Buffer, proof?: Proof) {
  const result = await read(mail, proof);
  return result.ok ? 'ok' : result.error.code;
}

const to = (recipient: string, more = '') => signed(plainMail({ to: `${recipient}${more}`, text: TEXT }));

/** Puts a tag into the signature before it is made, as a vendor could. */
async function signedWith(tags: string): Promise<Buffer> {
  return altered(await signed(plainMail({ text: TEXT })), 'DKIM-Signature: ', `DKIM-Signature: ${tags} `);
}

describe('a genuine notice to another customer is refused', () => {
  test.each<[string, () => Promise<Buffer>, string]>([
    ['to an address in to', () => to('usage@customer.example'), 'ok'],
    ['in other case and with a name', () => to('"Usage, credits" <Usage@Customer.example>'), 'ok'],
    ['with its address as its name', () => to('usage@customer.example <usage@customer.example>'), 'ok'],
    ['to an address in to and others', () => to('anna@other.example, Usage <usage@customer.example>'), 'ok'],
    ['to others, with a copy to an address in to', () => to('anna@other.example', '\r\nCc: usage@customer.example'), 'ok'],
    ['to another customer', () => to('usage@other.example'), 'other-recipient'],
    ['to another address of the same domain', () => to('anna@customer.example'), 'other-recipient'],
    ['to a subdomain', () => to('usage@mail.customer.example'), 'other-recipient'],
    ['to a domain that only ends alike', () => to('usage@notcustomer.example'), 'other-recipient'],
    ['with the address as a quoted name', () => to('"usage@customer.example" <usage@other.example>'), 'other-recipient'],
    ['with the address as a name', () => to('usage@customer.example <usage@other.example>'), 'other-recipient'],
    ['with the address as an encoded word', () => to('=?utf-8?Q?usage=40customer=2Eexample?= <usage@other.example>'), 'other-recipient'],
    ['with the address in a comment', () => to('usage@other.example (usage@customer.example)'), 'other-recipient'],
    ['to a group', () => to('customers: usage@customer.example;'), 'other-recipient'],
    ['to undisclosed recipients', () => to('undisclosed-recipients:;'), 'other-recipient'],
    ['with a quote that does not end', () => to('"usage@customer.example'), 'other-recipient'],
    ['with one address that can be read in two ways', () => to('usage@customer.example, <a@b.example> <c@d.example>'), 'other-recipient'],
    ['to an empty list', () => to(''), 'other-recipient'],
    [
      'with a second recipient on top',
      async () => received(await to('usage@other.example'), 'To: usage@customer.example'),
      'repeated-header',
    ],
    ['with a copy that nobody signed', async () => received(await to('usage@other.example'), 'Cc: usage@customer.example'), 'part-signed'],
    [
      'with another recipient',
      async () => altered(await to('usage@other.example'), /To: usage@other/, 'To: usage@customer'),
      'bad-signature',
    ],
    [
      'with a recipient that the signature leaves out',
      () => signed(plainMail({ text: TEXT }), 'acme.example', 'from:date:subject:mime-version:content-type'),
      'part-signed',
    ],
    ['sent on by a customer', async () => received(await to('usage@other.example'), 'Resent-To: usage@customer.example'), 'resent'],
    ['sent on to an address in to', async () => received(await to('usage@customer.example'), 'Resent-From: a@b.example'), 'resent'],
  ])('%s', async (_name, mail, expected) => {
    expect(await verdict(await mail())).toBe(expected);
    // The same holds if the receiving server has checked the signature.
    const passed = received(await mail(), `${RESULTS} dkim=pass header.d=acme.example header.s=cw`);
    expect(await verdict(passed, { authserv: AUTHSERV })).toBe(expected === 'bad-signature' ? 'ok' : expected);
  });

  test('a domain in to is for all its addresses', async () => {
    const rules = { to: ['@customer.example'] };
    expect(await verdict(await to('anna@customer.example'), { rules })).toBe('ok');
    expect(await verdict(await to('anna@mail.customer.example'), { rules })).toBe('other-recipient');
  });
});

describe('a genuine mail that is read otherwise than it was signed is refused', () => {
  const mail = plainMail({ text: TEXT });
  const without = (header: RegExp) => mail.replace(header, '');
  const HTML = 'Content-Type: text/html';
  const CODING = 'Content-Transfer-Encoding: base64';
  const NAMES = 'from:to:date:subject:mime-version:content-type';

  test.each<[string, () => Promise<Buffer>, string]>([
    ['of another type', async () => altered(await signed(mail), 'text/plain', 'text/html'), 'bad-signature'],
    ['with a second type', async () => received(await signed(mail), HTML), 'repeated-header'],
    ['with a type that it had not', async () => received(await signed(without(/Content-Type:.*\r\n/)), HTML), 'part-signed'],
    ['with a coding that it had not', async () => received(await signed(mail), CODING), 'part-signed'],
    ['of a type that was not signed', () => signed(mail, 'acme.example', NAMES.replace(':content-type', '')), 'part-signed'],
    ['of a version that was not signed', () => signed(mail, 'acme.example', NAMES.replace(':mime-version', '')), 'part-signed'],
    ['of a sender that was not signed', () => signed(mail, 'acme.example', NAMES.replace('from:', '')), 'part-signed'],
    ['of a subject that was not signed', () => signed(mail, 'acme.example', NAMES.replace('subject:', '')), 'part-signed'],
    ['without a type', async () => signed(without(/Content-Type:.*\r\n/)), 'ok'],
    ['with a header that decides nothing', async () => received(await signed(mail), 'X-Spam: no', 'Content-Disposition: attachment'), 'ok'],
    [
      'with a header behind a bare LF',
      async () => received(await signed(without(/To:.*\r\n/)), 'X-A: b\nTo: usage@customer.example'),
      'not-a-mail',
    ],
    [
      'with a header behind a bare CR',
      async () => received(await signed(without(/To:.*\r\n/)), 'X-A: b\rTo: usage@customer.example'),
      'not-a-mail',
    ],
    [
      'with an end of its headers in another',
      async () => received(await signed(mail), `${RESULTS} none`, `X-A: b\n\n${TEXT}`),
      'not-a-mail',
    ],
    ['with a name that other readers take for another', async () => received(await signed(mail), '\uFEFFSubject: x'), 'not-a-mail'],
    ['with bare LF only', async () => Buffer.from((await signed(mail)).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), 'ok'],
  ])('%s', async (_name, made, expected) => {
    expect(await verdict(await made())).toBe(expected);
  });
});

describe('a signature holds for its time', () => {
  const at = RECEIVED.getTime() / 1000;
  test.each([
    ['that has ended', `x=${String(at)};`, 'bad-signature'],
    ['that ends before it begins', `t=${String(at - 5)}; x=${String(at - 10)};`, 'bad-signature'],
    ['that begins later', `t=${String(at + 2 * 3600)};`, 'bad-signature'],
    ['that begins at no time', 't=soon;', 'bad-signature'],
    ['that ends at no time', 'x=-1;', 'bad-signature'],
  ])('one %s is refused', async (_name, tags, expected) => {
    expect(await verdict(await signedWith(tags))).toBe(expected);
    const passed = received(Buffer.from(plainMail({ text: TEXT })), `${RESULTS} dkim=pass header.d=acme.example`, `${SIGNATURE}; ${tags}`);
    expect(await verdict(passed, { authserv: AUTHSERV })).toBe(expected);
  });

  test('one that began an hour ahead and ends later counts', async () => {
    const tags = `t=${String(at + 3000)}; x=${String(at + 9000)};`;
    const passed = received(Buffer.from(plainMail({ text: TEXT })), `${RESULTS} dkim=pass header.d=acme.example`, `${SIGNATURE}; ${tags}`);
    expect(await verdict(passed, { authserv: AUTHSERV })).toBe('ok');
  });

  test.each([
    ['Fri, 04 Dec 2026 14:05:00 +0000', RECEIVED.toISOString()],
    ['Fri, 04 Dec 2026 14:07:00 +0000', 'date-ahead'],
    ['Thu, 03 Dec 2099 14:05:00 +0000', 'date-ahead'],
    ['Thu, 03 Dec 2026 15:05:00 +0100 (CET)', '2026-12-03T14:05:00.000Z'],
    ['Thu, 3 Dec 2026 14:05 GMT', '2026-12-03T14:05:00.000Z'],
    ['Thu, 03 Dec 2026 09:05:00 EST', '2026-12-03T14:05:00.000Z'],
    // Without a time zone, it would depend on that of this machine.
    ['Thu, 03 Dec 2026 14:05:00', 'no-date'],
    ['2026-12-03', 'no-date'],
    ['soon', 'no-date'],
  ])('a mail of %s, which arrives on 3 December', async (date, expected) => {
    const result = await read(await signed(plainMail({ date, text: TEXT })));
    expect(result.ok ? result.value.reading['observedAt'] : result.error.code).toBe(expected);
  });
});

test('a mail is one event, whatever its Message-ID and the headers of its way, and another text or date is another one', async () => {
  const eventOf = async (mail: string, ...headers: readonly string[]) => {
    const result = await read(received(await signed(mail, 'acme.example', 'from:to:date:subject:mime-version:content-type'), ...headers));
    return result.ok ? result.value.eventId : result.error.code;
  };
  const first = await eventOf(plainMail({ text: TEXT }));
  expect(first).toMatch(/^mail [0-9a-f]{64}$/);
  expect(await eventOf(plainMail({ text: TEXT, id: '<two@acme.example>' }))).toBe(first);
  expect(await eventOf(plainMail({ text: `${TEXT}\r\n\r\n` }), 'Received: from a by b', 'X-Id: 5')).toBe(first);
  expect(await eventOf(plainMail({ text: TEXT.replace('80', '90') }))).not.toBe(first);
  expect(await eventOf(plainMail({ text: TEXT, date: 'Thu, 03 Dec 2026 14:04:59 +0000' }))).not.toBe(first);
});

test('signatures of others in any number take no place from that of the vendor, and each name is looked up once at most', async () => {
  const names: string[] = [];
  const counted = async (name: string) => {
    names.push(name);
    return resolveTxt(name);
  };
  const others = Array.from({ length: 100 }, (_, nth) => SIGNATURE.replace('acme', `other${String(nth)}`));
  const mail = received(await signed(plainMail({ text: TEXT })), ...others);
  expect(await readMail(mail, RECEIVED, RULES, { authserv: null, resolveTxt: counted })).toMatchObject({ ok: true });
  expect(names).toEqual(['cw._domainkey.acme.example']);
  const bodyHash = /bh=([^;]+);/.exec(mail.toString('latin1').split('c=relaxed/relaxed; d=acme.example')[1] ?? '')?.[1] ?? '';
  names.length = 0;
  const forged = Array.from({ length: 150 }, (_, nth) =>
    SIGNATURE.replace('bh=eA==', `bh=${bodyHash}`).replace('s=cw', `s=s${String(nth)}`),
  );
  const result = await readMail(received(Buffer.from(plainMail({ text: TEXT })), ...forged), RECEIVED, RULES, {
    authserv: null,
    resolveTxt: counted,
  });
  expect(result).toMatchObject({ error: { code: 'bad-signature' } });
  expect(names).toHaveLength(5);
});

test.each([
  ['more headers than a mail has', Array.from({ length: 201 }, (_, nth) => `X-${String(nth)}: a`)],
  ['headers of more than 128 KiB', [`X-A: ${'a'.repeat(130 * 1024)}`]],
])('a mail with %s is none', async (_name, headers) => {
  expect(await verdict(received(await to('usage@customer.example'), ...headers))).toBe('not-a-mail');
});

test('the head of a mail with a forged signature or another sender is enough to refuse it, and that of a genuine one is not', async () => {
  const headOf = async (mail: Buffer | string, authserv: string | null = null) => {
    const head = await checkHead(Buffer.from(mail.toString('latin1').replace(/\r\n\r\n[^]*$/, '\r\n\r\n'), 'latin1'), RECEIVED, RULES, {
      authserv,
      resolveTxt,
    });
    return head.ok ? 'body decides' : head.error;
  };
  const genuine = await signed(plainMail({ text: TEXT }));
  expect(await headOf(genuine)).toBe('body decides');
  expect(await headOf(altered(genuine, 'Subject: Usage', 'Subject: Usages'))).toBe('bad-signature');
  expect(await headOf(altered(genuine, /bh=[^;]+/, 'bh=eA=='))).toBe('bad-signature');
  expect(await headOf(Buffer.from(plainMail({ text: TEXT })))).toBe('unsigned');
  expect(await headOf(altered(genuine, 'billing@', 'sales@'))).toBe('other-sender');
  expect(await headOf(Buffer.from(`${SIGNATURE}\r\n${plainMail({ text: TEXT })}`), AUTHSERV)).toBe('unsigned');
  expect(await headOf(Buffer.from(`${DKIM_PASS}${plainMail({ text: TEXT })}`), AUTHSERV)).toBe('body decides');
  // Its body decides.
  expect(await headOf(altered(genuine, '80%', '90%'))).toBe('body decides');
  expect(await verdict(altered(genuine, '80%', '90%'))).toBe('bad-signature');
});

test('more than 100 results of DKIM are refused, however many signatures there are', async () => {
  const forged = Array.from({ length: 150 }, (_, nth) => SIGNATURE.replace('s=cw', `s=s${String(nth)}`));
  const withResults = (count: number) =>
    received(
      Buffer.from(plainMail({ text: TEXT })),
      `${RESULTS} ${Array.from({ length: count - 1 }, (_, nth) => `dkim=pass header.d=other${String(nth)}.example`).join('; ')}; dkim=pass header.d=acme.example header.s=cw`,
      ...forged,
      SIGNATURE,
    );
  expect(await verdict(withResults(100), { authserv: AUTHSERV })).toBe('ok');
  expect(await verdict(withResults(101), { authserv: AUTHSERV })).toBe('too-many-results');
});

test.each([
  ['Acme, Inc. <billing@acme.example>', 'ok'],
  ['Acme,\r\n Billing, Inc. <billing@acme.example>', 'ok'],
  ['"Acme, Inc." <billing@acme.example>', 'ok'],
  ['Acme, Inc. <billing@acme.example>, Evil <evil@evil.example>', 'bad-sender'],
  ['Evil <evil@evil.example>, Acme, Inc. <billing@acme.example>', 'bad-sender'],
  ['evil@evil.example, Acme <billing@acme.example>', 'bad-sender'],
  ['billing@acme.example, Inc. <billing@acme.example>', 'bad-sender'],
  ['Acme, Inc. <billing@acme.example>, Evil', 'bad-sender'],
  ['Acme, Inc. <billing@acme.example,evil@evil.example>', 'bad-sender'],
  ['Acme, Inc. <@evil.example:billing@acme.example>', 'bad-sender'],
  ['"evil@evil.example", Inc. <billing@acme.example>', 'bad-sender'],
  ['"Acme", Inc. <billing@acme.example>', 'bad-sender'],
  ['=?utf-8?Q?evil=40evil=2Eexample?=, Inc. <billing@acme.example>', 'bad-sender'],
  ['Acme, Inc. (<evil@evil.example>) <billing@acme.example>', 'bad-sender'],
  ['Acme, Inc. billing@acme.example', 'bad-sender'],
  ['Acme, Inc. <evil@evil.example>', 'other-sender'],
])('a comma in the name of the sender is read only if there is no second address: %s', async (from, expected) => {
  expect(await verdict(await signed(plainMail({ from, text: TEXT })))).toBe(expected);
});
