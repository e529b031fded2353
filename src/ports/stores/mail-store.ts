import type { MailOutcome, MailTally, PostedNotice } from '../../core/meters/mail.ts';

/**
 * When each of the mails was last read, by digest. `isWaiting`: it is to be read again, because its figures were rejected and a total may be
 * known by now, or because the key of its signature could not be looked up.
 */
export type KnownMails = ReadonlyMap<string, { readonly isWaiting: boolean; readonly readAt: Date }>;

/** A posted mail whose notice waits for a total. */
type WaitingMail = {
  readonly account: string;
  readonly source: string;
  readonly digest: string;
  readonly sentAt: Date;
  readonly notice: PostedNotice;
};

/** Remembers which mails were read, so that a restart or a second process neither repeats nor loses one. */
export type MailStore = {
  /** Returns those of the digests that were read before. */
  known(account: string, source: string, digests: readonly string[]): Promise<KnownMails>;
  /** Stores the outcomes. `notice`: of a posted mail that waits for a total; an earlier one is deleted without it. */
  remember(
    account: string,
    source: string,
    mails: readonly { readonly digest: string; readonly outcome: MailOutcome; readonly sentAt: Date; readonly notice?: PostedNotice }[],
    now: Date,
  ): Promise<void>;
  /** Returns posted mails that were sent since an instant and wait for a total, those first that were not tried for the longest time. */
  waiting(since: Date, most: number): Promise<readonly WaitingMail[]>;
  /** Deletes the outcomes of mails that were read before an instant. */
  forget(before: Date): Promise<void>;
  /** Counts the mails that were read since an instant and gave no figures, by their code. There may be many thousands of them. */
  failed(account: string, source: string, since: Date): Promise<readonly MailTally[]>;
};
