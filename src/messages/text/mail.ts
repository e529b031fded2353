import { isForged, isUntaken, type MailProblem, type MailTally, type UntakenCode } from '../../core/meters/mail.ts';
import type { PollProblem } from '../../core/meters/poll.ts';
import { richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { dayOf } from '../../core/time/days.ts';

/** Why a mail was refused or gave no figures. Says nothing of its sender, subject or text. */
const REASONS = {
  'other-sender': 'the sender is not in from',
  'bad-sender': 'the sender cannot be read with certainty',
  'repeated-header': 'a header is there twice',
  'other-recipient': 'it was not written to an address in to',
  resent: 'it was sent on by someone who received it',
  unsigned: 'no DKIM signature was found',
  'bad-signature': 'the DKIM signature does not fit',
  'other-signer': 'the DKIM signature is of another domain than the sender',
  'part-signed': 'the DKIM signature leaves out a part of the mail',
  'other-host': 'the topmost Authentication-Results are not of authserv',
  'too-many-results': 'its Authentication-Results have more than 100 DKIM results',
  'not-a-mail': 'it cannot be read as a mail',
  'too-large': 'it is larger than 1 MiB',
  'too-many-parts': 'it has too many parts or lines',
  'too-long': 'its text is longer than that of a notice',
  'no-date': 'it has no date with a time zone',
  'too-old': 'it is older than 35 days',
  'date-ahead': 'its date is more than a day after it arrived',
  'not-understood': 'its notice was not understood',
  'unclear-meter': 'its notice may be about several meters',
  'total-missing': 'it gives a share, but the total is not known',
  'too-near-reset': 'it came within a day of a reset, so it may be about the period before',
  rejected: 'its figures were rejected',
} as const satisfies Readonly<Record<MailProblem, string>>;

/** Words why a mail gave no figures, as the end of a sentence. */
export function mailReason(code: MailProblem): string {
  return REASONS[code];
}

/**
 * Words the mails of the last days that gave no figures; null if there are none.
 *
 * @param mailbox the source that has one, which `creditwatch try` reads; null for mails that come to `POST /v1/mail`
 */
export function mailProblem(mailbox: string | null, tallies: readonly MailTally[], timeZone: string): PollProblem | null {
  if (tallies.length === 0) return null;
  const reason = talliesText(tallies, timeZone);
  return { reason, remedy: remedyOf(mailbox, new Set(tallies.map(({ code }) => code))) };
}

/** What to do about a mail that waits for a total. */
export const TOTAL_MISSING_REMEDY = 'State total of the meter in creditwatch.yml, or set it with /usage total.';
/** What to do about mails without a signature. `mailbox`: whether they were read there, and not sent to `POST /v1/mail`. */
export function unsignedRemedy(mailbox: boolean): string {
  const lost = mailbox
    ? 'If they are signed, a server removes the signatures, or the one in authserv adds no DKIM result to Authentication-Results: read the mailbox that gets the mails first, or correct authserv.'
    : 'If they are signed, a server on the way removes the signatures: have the vendor write to the mail service directly.';
  return `If unsigned mails are genuine, ask the vendor to sign its mails with DKIM, and paste its usage page until then. ${lost}`;
}
/** What to do about a mail that came too soon after a reset. */
export const TOO_NEAR_RESET_REMEDY = 'If it is about the new period, paste the usage page.';

/** A line for each source of which some mails gave no figures. */
export function unreadMailLines(
  unread: readonly { readonly source: string; readonly tallies: readonly MailTally[] }[],
  timeZone: string,
): readonly RichText[] {
  return unread.map(
    ({ source, tallies }) => richText`⚪ ${strong(source)}: some figures cannot be read (${talliesText(tallies, timeZone)})`,
  );
}

function talliesText(tallies: readonly MailTally[], timeZone: string): string {
  return tallies.map((one) => tallyText(one, timeZone)).join('; ');
}

function tallyText({ code, count, latest, reason }: MailTally, timeZone: string): string {
  const day = dayOf(latest, timeZone);
  const mails = count === 1 ? `a mail of ${day}` : `${String(count)} mails, the latest of ${day}`;
  const gave = isForged(code) ? 'refused' : 'gave no figures';
  const verb = isForged(code) ? (count === 1 ? 'was ' : 'were ') : '';
  return `${mails}, ${verb}${gave}: ${reason ?? mailReason(code)}`;
}

function remedyOf(mailbox: string | null, codes: ReadonlySet<MailProblem>): string {
  const all = [...codes];
  const isUnread = all.some((code) => !isForged(code) && !isUntaken(code));
  const look =
    mailbox === null
      ? 'Look at the mail. A pattern in notices of the source can read it when the mail service sends it again.'
      : `Look at the mail, and at what npx creditwatch try ${mailbox} finds in it. A pattern in notices of the source can read it.`;
  return [
    ...(isUnread ? [look] : []),
    ...(codes.has('total-missing') ? [TOTAL_MISSING_REMEDY] : []),
    ...(codes.has('too-near-reset') ? [TOO_NEAR_RESET_REMEDY] : []),
    ...(codes.has('unsigned') ? [unsignedRemedy(mailbox !== null)] : []),
    ...(all.some(isForged)
      ? [
          'A refused mail may be forged: do not follow its links. If it is genuine, compare its headers with from, to, signedBy and authserv of the source.',
        ]
      : []),
  ].join(' ');
}

/** Why a mailbox could not be read. */
export type MailboxFailure =
  | { readonly kind: 'login-refused'; readonly variables: readonly string[] }
  | { readonly kind: 'no-folder'; readonly folder: string }
  | { readonly kind: 'unreachable' | 'certificate'; readonly code: string }
  | { readonly kind: 'timeout' };

/** Words why a mailbox could not be read, and what to do. */
export function mailboxProblem(failure: MailboxFailure, { source, host }: { readonly source: string; readonly host: string }): PollProblem {
  const again = `then: npx creditwatch try ${source}`;
  switch (failure.kind) {
    case 'login-refused': {
      const where = failure.variables.length === 0 ? 'imap of the source' : failure.variables.join(' or ');
      return { reason: `${host} refused the login`, remedy: `Put a valid password or access token in ${where}, ${again}` };
    }
    case 'no-folder':
      return {
        reason: `the mailbox has no folder "${failure.folder}"`,
        remedy: `Correct folder of the source in creditwatch.yml, ${again}`,
      };
    case 'certificate':
      return {
        reason: `the certificate of ${host} is not trusted (${failure.code})`,
        remedy: `Check imap.host of the source. If its CA is your own, name the file of its certificate in NODE_EXTRA_CA_CERTS, ${again}`,
      };
    case 'unreachable':
      return {
        reason: `${host} cannot be reached (${failure.code})`,
        remedy: 'Check imap.host and imap.port of the source, and the network. It is tried again.',
      };
    case 'timeout':
      return { reason: `${host} did not answer in time`, remedy: 'Check imap.host and imap.port of the source. It is tried again.' };
  }
}

/** Why mails wait: their signatures cannot be verified now. */
export const DNS_AWAY: PollProblem = {
  reason: 'some keys of DKIM signatures could not be looked up: DNS does not answer, or the mails name more than 100 new keys',
  remedy: 'Check the name servers of this machine. The mails are read again, and no mail with a known key waits for them.',
};

/** One line of `try`: what a mail says. `reading`: as the ingest takes it. */
export function foundMailText(
  { sentAt, reading }: { readonly sentAt: Date; readonly reading: Readonly<Record<string, string | number | boolean>> },
  timeZone: string,
): string {
  const figures = (['share', 'used', 'remaining', 'total'] as const).flatMap((field) => {
    const value = reading[field];
    return value === undefined ? [] : [field === 'share' ? `${String(value)}% used` : `${field} ${String(value)}`];
  });
  const bound = reading['atLeast'] === true ? 'at least ' : '';
  return `  ${dayOf(sentAt, timeZone)}: ${String(reading['meter'])}: ${bound}${figures.join(', ')}`;
}

/** The line of `try` below a mail whose figures do not count, or only if the total is known. */
export function untakenMailText(code: UntakenCode): string {
  return code === 'total-missing'
    ? '    counts only if the total of the meter is known: from earlier figures, from total in creditwatch.yml, or from /usage total'
    : `    not used: ${mailReason(code)}. ${TOO_NEAR_RESET_REMEDY}`;
}

/** One line of `try`: why a mail is not used. */
export function unusedMailText({ code, sentAt }: { readonly code: MailProblem | 'away'; readonly sentAt: Date }, timeZone: string): string {
  return `  ${dayOf(sentAt, timeZone)}: not used: ${code === 'away' ? DNS_AWAY.reason : mailReason(code)}`;
}

/** One line of `try`: why mails were refused as possibly forged, of which there may be hundreds. */
export function refusedMailsText({ code, count, latest }: MailTally, timeZone: string): string {
  const day = dayOf(latest, timeZone);
  const which = count === 1 ? day : `${String(count)} mails, the latest of ${day}`;
  return `  ${which}: refused: ${mailReason(code)}${code === 'unsigned' ? `. ${unsignedRemedy(true)}` : ''}`;
}

export function noMailsText(source: string, folder: string): string {
  return `${source}: the folder ${folder} has no mails of the senders in from, of the last 35 days.`;
}

export function noMailboxText(source: string): string {
  return `${source} has no mailbox to read: its mails come to POST /v1/mail, and each answer says what was found. npx creditwatch doctor counts those that gave no figures.`;
}

export function triedMailText(account: string): string {
  return `Account ${account}. Nothing was stored, and nothing in the mailbox was changed.`;
}

/** A source that has had no problem with its mails. */
export const TAKES_MAILS = 'takes mails by POST /v1/mail';
