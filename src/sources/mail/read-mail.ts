import { createHash } from 'node:crypto';
import { MAILS_SEARCHED_MS, type MailProblem, type MailRules } from '../../core/meters/mail.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import { isListed, recipientsIn, senderIn } from './addresses.ts';
import { checkResults } from './authentication-results.ts';
import { identityOf, identityOfHead } from './canonical.ts';
import { verifySignature, type ResolveTxt } from './dkim.ts';
import { readGeneralNotice } from './general-notice.ts';
import { splitMail, valuesOf, type RawHead } from './headers.ts';
import { textOf, type MailText } from './mail-text.ts';
import type { Notice } from './notice.ts';
import { readByPatterns } from './notice-pattern.ts';

export const MOST_MAIL_BYTES = 1024 * 1024;
/** Two of one of these could be read in two ways. */
const ONCE = ['from', 'sender', 'to', 'cc', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'content-transfer-encoding'];
/** A date may be of another time zone. */
const MOST_AHEAD_MS = DAY_MS;

/** A mail of an allowed, verified sender, as a reading for the ingest. `eventId` and `digest` are the same for each copy of it. */
export type ReadMail = {
  readonly eventId: string;
  readonly digest: string;
  readonly sentAt: Date;
  readonly reading: Readonly<Record<string, string | number | boolean>>;
};
/**
 * `away`: DNS does not answer, so the mail is read again later. `digest`: of a verified mail the one that it has if it is read, so that a
 * later outcome replaces an earlier one; otherwise of its bytes. `sentAt`: as far as it is known.
 */
export type UnreadMail = { readonly code: MailProblem | 'away'; readonly digest: string; readonly sentAt: Date };

/** `authserv`: the host whose `Authentication-Results` count; null: the signature is verified here. */
export type Proof = { readonly authserv: string | null; readonly resolveTxt: ResolveTxt };

/** The hash of a head whose body decides, or why its mail does not count. */
export type CheckedHead = Result<string, UnreadMail['code']>;

/**
 * Checks all that the head of a mail shows of its sender, its recipients and its signature, so that the body of a mail that cannot count need
 * not be fetched. Returns why it does not count; or if its body decides, what is the same in the head of each copy, as a hash. Never throws
 * for anything that a head can hold.
 *
 * @param bytes the head with the empty line behind it
 */
export async function checkHead(bytes: Uint8Array, receivedAt: Date, rules: MailRules, proof: Proof): Promise<CheckedHead> {
  const head = splitMail(bytes);
  if (head === null) return err('not-a-mail');
  const trusted = await checkTrust(head, null, receivedAt, rules, proof);
  return trusted.ok ? ok(hashOf(Buffer.from(identityOfHead(head), 'latin1'))) : trusted;
}

/**
 * Reads one mail: whether its sender is allowed, it was written to this customer and its signature is that of the sender, and then what its
 * notice says. Never throws for anything that a mail can hold.
 *
 * @param receivedAt when the receiving server took it
 */
export async function readMail(bytes: Uint8Array, receivedAt: Date, rules: MailRules, proof: Proof): Promise<Result<ReadMail, UnreadMail>> {
  let digest = hashOf(bytes);
  const failed = (code: UnreadMail['code'], sentAt = receivedAt) => err({ code, digest, sentAt });
  if (bytes.length > MOST_MAIL_BYTES) return failed('too-large');
  const mail = splitMail(bytes);
  if (mail === null) return failed('not-a-mail');
  const trusted = await checkTrust(mail, mail.body, receivedAt, rules, proof);
  if (!trusted.ok) return failed(trusted.error);
  const eventId = `mail ${hashOf(Buffer.from(identityOf(mail), 'latin1'))}`;
  digest = hashOf(eventId);
  const written = dateIn(valuesOf(mail, 'date')[0] ?? '');
  if (written === null) return failed('no-date');
  if (written > receivedAt.getTime() + MOST_AHEAD_MS) return failed('date-ahead');
  const sentAt = new Date(Math.min(written, receivedAt.getTime()));
  if (receivedAt.getTime() - sentAt.getTime() > MAILS_SEARCHED_MS) return failed('too-old', sentAt);
  const text = await textOf(mail);
  if (!text.ok) return failed(text.error, sentAt);
  const notice = noticeIn(text.value, rules);
  if (!notice.ok) return failed(notice.error, sentAt);
  if (!isPlausible(notice.value)) return failed('not-understood', sentAt);
  return ok({
    eventId,
    digest,
    sentAt,
    reading: readingOf(notice.value, sentAt, rules),
  });
}

/** Returns the instant of a `Date` header, which names its time zone (RFC 5322, section 3.3); null if it does not, or is no date. */
function dateIn(written: string): number | null {
  const plain = written.replaceAll(/\([^()]*\)/g, ' ').trim();
  const at = /(?:[+-]\d{4}|\b(?:UTC?|GMT|Z|[ECMP][SD]T))$/i.test(plain) ? Date.parse(plain) : NaN;
  return Number.isNaN(at) ? null : at;
}

function hashOf(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

async function checkTrust(
  mail: RawHead,
  body: string | null,
  at: Date,
  { from, to, signedBy }: MailRules,
  { authserv, resolveTxt }: Proof,
): Promise<Result<null, UnreadMail['code']>> {
  if (ONCE.some((name) => valuesOf(mail, name).length > 1)) return err('repeated-header');
  const sender = senderIn(valuesOf(mail, 'from')[0] ?? '');
  if (sender === null) return err('bad-sender');
  if (!isListed(sender, from)) return err('other-sender');
  if (mail.headers.some(({ name }) => name.startsWith('resent-'))) return err('resent');
  if (!isTo(mail, to)) return err('other-recipient');
  return authserv === null
    ? verifySignature(mail, body, sender.domain, { signedBy, at, resolveTxt })
    : checkResults(mail, sender.domain, { authserv, signedBy, at });
}

/** Whether a mail was written to an address on a list. A genuine notice to another customer is signed, too. */
function isTo(mail: RawHead, list: readonly string[]): boolean {
  const read = ['to', 'cc'].flatMap((name) => valuesOf(mail, name)).map(recipientsIn);
  return read.every((one) => one !== null) && read.flat().some((one) => one !== null && isListed(one, list));
}

function noticeIn(mail: MailText, { notices, meters, from }: MailRules): Result<Notice, 'not-understood' | 'unclear-meter'> {
  const notice = notices.length === 0 ? null : readByPatterns(notices, mail);
  return notice !== null ? ok(notice) : readGeneralNotice(mail, meters, from.flatMap(vendorNames));
}

/** The names in a vendor's domain: `acme` of `billing@mail.acme.example`. */
function vendorNames(sender: string): readonly string[] {
  return (sender.split('@').at(-1) ?? '').split('.').slice(0, -1);
}

/** No vendor lets anyone use more than ten times the total. */
const MOST_SHARE = 1_000;

function isPlausible({ share }: Notice): boolean {
  return share === undefined || Number(share) <= MOST_SHARE;
}

function readingOf({ meter, isAtLeast, share, used, left, total }: Notice, sentAt: Date, { meters }: MailRules): ReadMail['reading'] {
  const stated = meters[meter]?.total;
  return {
    meter,
    observedAt: sentAt.toISOString(),
    ...(isAtLeast && { atLeast: true }),
    ...(share !== undefined && { share }),
    ...(used !== undefined && { used }),
    ...(left !== undefined && { remaining: left }),
    ...(total !== undefined && { total }),
    ...(stated !== undefined && { statedTotal: stated }),
  };
}
