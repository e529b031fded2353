import type { FailedMail, MailOutcome } from '../../core/meters/mail.ts';

/** Remembers which mails were read, so that a restart or a second process neither repeats nor loses one. */
export type MailStore = {
  /** Returns those of the digests that need not be read again. A mail whose figures were rejected does, because a total may be known by now. */
  known(account: string, source: string, digests: readonly string[]): Promise<ReadonlySet<string>>;
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
