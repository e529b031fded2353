import { DAY_MS } from '../time/local-time.ts';
import type { MeterDetails } from './meter.ts';

/** How far back a mailbox is searched. An older mail is not read. */
export const MAILS_SEARCHED_MS = 35 * DAY_MS;
/** How long the outcome of a mail is kept: longer than mailboxes are searched back, so that no mail is read again. */
export const MAILS_KEPT_MS = 40 * DAY_MS;
/** For how long operators are told of a mail that gave no figures. */
export const MAILS_TOLD_MS = 7 * DAY_MS;

/** One pattern of a notice, as creditwatch.yml writes it. `{percent}`, `{used}`, `{left}`, `{total}` and `{any}` are its placeholders. */
export type NoticePattern = {
  readonly meter: string;
  readonly subject: string | null;
  readonly text: string | null;
};

/** How the mails of one source are read. `from` and `to`: addresses, or domains such as `@vendor.com`, in lower case. */
export type MailRules = {
  readonly from: readonly string[];
  /** To whom the vendor writes its notices to this customer. A mail to anyone else is about another customer. */
  readonly to: readonly string[];
  /** Subdomains of a sender's domain whose signature counts for it. */
  readonly signedBy: readonly string[];
  readonly notices: readonly NoticePattern[];
  /** The meters that a notice can be about, by key, with the total that the file states. */
  readonly meters: Readonly<Record<string, MeterDetails & { readonly total?: number | undefined }>>;
};

/** A mailbox that is read over IMAP with TLS. Contains secrets. */
export type Mailbox = {
  readonly host: string;
  readonly port: number;
  /** The name that logs in. */
  readonly login: string;
  readonly password: string | null;
  readonly accessToken: string | null;
  readonly folder: string;
  /** The host whose `Authentication-Results` count; null: signatures are verified here. */
  readonly authserv: string | null;
  /** Without TLS, which only loopback may be. */
  readonly isPlain: boolean;
  readonly keyVariables: readonly string[];
};

/** Why a mail is refused as possibly forged. */
export const forgedCodes = [
  /** The sender is not on the list. */
  'other-sender',
  /** No sender, several, or one that cannot be read with certainty. */
  'bad-sender',
  /** A header that may be there once is there twice. */
  'repeated-header',
  /** It was written to someone else, or to whom cannot be read with certainty. */
  'other-recipient',
  /** It was sent on by someone who received it. */
  'resent',
  'unsigned',
  /** The signature does not fit, or the receiving server says so. */
  'bad-signature',
  /** Signed by a domain that does not speak for the sender. */
  'other-signer',
  /** The signature leaves out a part of the mail. */
  'part-signed',
  /** The topmost `Authentication-Results` are of another host. */
  'other-host',
  /** The topmost `Authentication-Results` have more results of DKIM than a server writes. */
  'too-many-results',
] as const;

/** Why there are no figures of a mail of an allowed sender. */
export const unreadCodes = [
  'not-a-mail',
  'too-large',
  'too-many-parts',
  /** Its text is longer than a notice, so that it would be read in part only. */
  'too-long',
  'no-date',
  'too-old',
  /** Its date is more than a day after it arrived. */
  'date-ahead',
  'not-understood',
  'unclear-meter',
  /** It gives a share or what is left, and the total is not known. It counts once the total is. */
  'total-missing',
  /** It came so soon after a reset that it may be about the period before. */
  'too-near-reset',
  'rejected',
] as const;
export type MailProblem = (typeof forgedCodes)[number] | (typeof unreadCodes)[number];
/** `away`: the key of its signature could not be looked up, so that it waits. */
export type MailOutcome = 'stored' | 'away' | MailProblem;

/** Why the figures of a notice that was understood do not count. */
const untakenCodes = ['total-missing', 'too-near-reset'] as const satisfies readonly MailProblem[];
export type UntakenCode = (typeof untakenCodes)[number];

/** Whether a code says why the figures of a notice do not count. */
export function isUntaken(code: string): code is UntakenCode {
  return untakenCodes.some((one) => one === code);
}

/** What became of the one reading of a notice. `reason`: why it was rejected. */
export function noticeOutcome(
  report: { readonly rejected: readonly { readonly reason: string; readonly code?: UntakenCode }[] } | undefined,
): { readonly outcome: 'stored' | 'rejected' | UntakenCode; readonly reason?: string } {
  const [rejected] = report?.rejected ?? [];
  if (rejected === undefined) return { outcome: 'stored' };
  return rejected.code === undefined ? { outcome: 'rejected', reason: rejected.reason } : { outcome: rejected.code };
}

/** The notice of a verified mail, as it is ingested. `eventId` is the same for each copy of the mail. */
export type PostedNotice = {
  readonly eventId: string;
  readonly reading: Readonly<Record<string, string | number | boolean>>;
};

/** Whether a mail was refused as possibly forged, and not because of its notice. */
export function isForged(code: MailProblem): boolean {
  return forgedCodes.some((one) => one === code);
}

/** A mail that gave no figures. */
export type FailedMail = { readonly code: MailProblem; readonly sentAt: Date };

/** How many mails of one kind gave no figures, and when the latest was sent. `reason`: why their figures were rejected. */
export type MailTally = { readonly code: MailProblem; readonly count: number; readonly latest: Date; readonly reason?: string };

/** Counts mails by their code, in the order in which the codes first appear. */
export function tallyOfMails(failed: readonly FailedMail[]): readonly MailTally[] {
  const tallies = new Map<MailProblem, MailTally>();
  for (const { code, sentAt } of failed) {
    const known = tallies.get(code);
    const latest = known === undefined || sentAt > known.latest ? sentAt : known.latest;
    tallies.set(code, { code, count: (known?.count ?? 0) + 1, latest });
  }
  return [...tallies.values()];
}
