import type { FailedMail, MailOutcome } from '../../core/meters/mail.ts';

/**
 * When each of the mails was last read, by digest. `isWaiting`: it is to be read again, because its figures were rejected and a total may be
 * known by now, or because the key of its signature could not be looked up.
 */
export type KnownMails = ReadonlyMap<string, { readonly isWaiting: boolean; readonly readAt: Date }>;

/** Remembers which mails were read, so that a restart or a second process neither repeats nor loses one. */
export type MailStore = {
  /** Returns those of the digests that were read before. */
  known(account: string, source: string, digests: readonly string[]): Promise<KnownMails>;
  /** Stores the outcomes. */
  remember(
    account: string,
    source: string,
    mails: readonly { readonly digest: string; readonly outcome: MailOutcome; readonly sentAt: Date }[],
    now: Date,
  ): Promise<void>;
  /** Deletes the outcomes of mails that were read before an instant. */
  forget(before: Date): Promise<void>;
  /** The mails that were read since an instant and gave no figures. */
  failed(account: string, source: string, since: Date): Promise<readonly FailedMail[]>;
};
