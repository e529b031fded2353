import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { MAILS_SEARCHED_MS, type MailProblem, type MailRules } from '../../core/meters/mail.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { checkResults } from './authentication-results.ts';
import { verifySignature, type ResolveTxt } from './dkim.ts';
import { readGeneralNotice } from './general-notice.ts';
import { senderIn, splitMail, valuesOf, type RawMail } from './headers.ts';
import type { Notice } from './notice.ts';
import { readByPatterns } from './notice-pattern.ts';
import { plainText, visibleText } from './visible-text.ts';

export const MOST_MAIL_BYTES = 1024 * 1024;
const MOST_DEPTH = 8;
const MOST_HEADER_BYTES = 128 * 1024;
const MOST_PARTS = 40;
/** Long enough for a notice, short enough to read it in some milliseconds. */
const MOST_TEXT = 64 * 1024;
/** Two of one of these could be read in two ways. */
const ONCE = ['from', 'sender', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'content-transfer-encoding'];

/** A mail of an allowed, verified sender, as a reading for the ingest. `eventId` is the same for each copy of it. */
export type ReadMail = {
  readonly eventId: string;
  readonly sentAt: Date;
  readonly reading: Readonly<Record<string, string | number | boolean>>;
};
/** `away`: DNS does not answer, so the mail is read again later. `sentAt`: as far as it is known. */
export type UnreadMail = { readonly code: MailProblem | 'away'; readonly digest: string; readonly sentAt: Date };

/**
 * Reads one mail: whether its sender is allowed and its signature is that of the sender, and then what its notice says. Never throws for
 * anything that a mail can hold.
 *
 * @param receivedAt when the receiving server took it
 */
export async function readMail(
  bytes: Uint8Array,
  receivedAt: Date,
  rules: MailRules,
  resolveTxt: ResolveTxt,
): Promise<Result<ReadMail, UnreadMail>> {
  const digest = hashOf(bytes);
  const failed = (code: UnreadMail['code'], sentAt = receivedAt) => err({ code, digest, sentAt });
  if (bytes.length > MOST_MAIL_BYTES) return failed('too-large');
  const mail = splitMail(bytes);
  if (mail === null) return failed('not-a-mail');
  const trusted = await checkTrust(mail, receivedAt, rules, resolveTxt);
  if (!trusted.ok) return failed(trusted.error);
  const written = Date.parse((valuesOf(mail, 'date')[0] ?? '').replaceAll(/\([^()]*\)/g, ''));
  if (Number.isNaN(written)) return failed('no-date');
  const sentAt = new Date(Math.min(written, receivedAt.getTime()));
  if (receivedAt.getTime() - sentAt.getTime() > MAILS_SEARCHED_MS) return failed('too-old', sentAt);
  const text = await textOf(bytes);
  if (!text.ok) return failed(text.error, sentAt);
  const notice = noticeIn(text.value, rules);
  if (!notice.ok) return failed(notice.error, sentAt);
  if (!isPlausible(notice.value)) return failed('not-understood', sentAt);
  return ok({ eventId: eventIdOf(mail, digest), sentAt, reading: readingOf(notice.value, sentAt, rules) });
}

/** Each server that a mail passes adds headers, so that its bytes differ, and its Message-ID does not. */
function eventIdOf(mail: RawMail, digest: string): string {
  const [id] = valuesOf(mail, 'message-id');
  if (id === undefined) return `mail ${digest}`;
  const parts = ['date', 'from', 'subject'].flatMap((name) => valuesOf(mail, name));
  return `mail ${hashOf(JSON.stringify([id, ...parts]))}`;
}

function hashOf(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

async function checkTrust(
  mail: RawMail,
  at: Date,
  { from, authserv, signedBy }: MailRules,
  resolveTxt: ResolveTxt,
): Promise<Result<null, UnreadMail['code']>> {
  if (ONCE.some((name) => valuesOf(mail, name).length > 1)) return err('repeated-header');
  const sender = senderIn(valuesOf(mail, 'from')[0] ?? '');
  if (sender === null) return err('bad-sender');
  if (!from.some((one) => one === sender.address || one === `@${sender.domain}`)) return err('other-sender');
  return authserv === null
    ? verifySignature(mail, sender.domain, { signedBy, at, resolveTxt })
    : checkResults(mail, sender.domain, { authserv, signedBy });
}

type MailText = { readonly subject: string; readonly text: string };

async function textOf(bytes: Uint8Array): Promise<Result<MailText, 'not-a-mail' | 'too-many-parts'>> {
  try {
    const {
      subject = '',
      html,
      text,
      attachments,
    } = await PostalMime.parse(bytes, {
      maxNestingDepth: MOST_DEPTH,
      maxHeadersSize: MOST_HEADER_BYTES,
      forceRfc822Attachments: true,
    });
    if (attachments.length > MOST_PARTS) return err('too-many-parts');
    // The HTML is what a reader sees.
    const seen = html === undefined ? '' : visibleText(html);
    const body = seen === '' ? plainText(text ?? '') : seen;
    return ok({ subject: plainText(subject).slice(0, 500), text: body.slice(0, MOST_TEXT) });
  } catch {
    return err('not-a-mail');
  }
}

function noticeIn(mail: MailText, { notices, meters }: MailRules): Result<Notice, 'not-understood' | 'unclear-meter'> {
  const notice = notices.length === 0 ? null : readByPatterns(notices, mail);
  return notice !== null ? ok(notice) : readGeneralNotice(mail, meters);
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
