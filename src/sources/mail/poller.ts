import { MAILS_SEARCHED_MS, MAILS_TOLD_MS, noticeOutcome, type Mailbox, type MailRules, type MailTally } from '../../core/meters/mail.ts';
import { DNS_AWAY, mailboxProblem, mailProblem } from '../../messages/text/mail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Poller } from '../../ports/outbound/poller.ts';
import type { MailStore } from '../../ports/stores/mail-store.ts';
import { readBoxed, type BoxedMail } from './boxed-mail.ts';
import type { ResolveTxt } from './dkim.ts';
import { readMailbox } from './mailbox.ts';
import { checkHead, type Proof, type ReadMail, type UnreadMail } from './read-mail.ts';
import { createTxtLookUp, sparing } from './txt-look-up.ts';

export type MailSource = {
  readonly account: string;
  readonly source: string;
  readonly timeZone: string;
  readonly everyMs: number;
  readonly rules: MailRules;
  readonly mailbox: Mailbox;
};

/** Polls the mailboxes of sources of kind mail. Their definitions stay in memory here, because they contain secrets. */
export function createMailPoller({
  sources,
  store,
  clock,
  log,
  resolveTxt = createTxtLookUp(),
}: {
  readonly sources: readonly MailSource[];
  readonly store: MailStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly resolveTxt?: ResolveTxt | undefined;
}): Poller {
  const keyNames = new Set<string>();
  const find = (account: string, source: string) => sources.find((one) => one.account === account && one.source === source) ?? null;
  return {
    async poll(account, source, signal) {
      const one = find(account, source);
      if (one === null) return null;
      const { mailbox, rules, timeZone } = one;
      const proof = { authserv: mailbox.authserv, resolveTxt: sparing(resolveTxt, keyNames) };
      const boxed = await readMailbox(mailbox, {
        from: rules.from,
        since: new Date(clock.now().getTime() - MAILS_SEARCHED_MS),
        signal,
        known: (digests) => store.known(account, source, digests),
        checkHead: (head, receivedAt) => checkHead(head, receivedAt, rules, proof),
      });
      if (!boxed.ok) {
        const problem = mailboxProblem(boxed.error, { source, host: mailbox.host });
        const passing = boxed.error.kind === 'unreachable' || boxed.error.kind === 'timeout';
        return {
          outcome: 'failed',
          shape: passing ? { kind: 'unknown' } : { kind: 'refused', problem },
          problem,
          passing,
          retryAfterMs: null,
        };
      }
      const { read, unread } = await readAll(boxed.value, rules, proof);
      for (const { digest, code, sentAt } of unread.filter((one) => one.code !== 'away'))
        log.warn({ account, source, mail: digest.slice(0, 12), code, sentAt }, 'mail not used');
      return {
        outcome: 'mails',
        mails: read.map(({ mail }) => ({ eventId: mail.eventId, reading: mail.reading })),
        async settle(reports) {
          const now = clock.now();
          const done = read.map(({ digest, mail }, index) => ({ digest, sentAt: mail.sentAt, ...noticeOutcome(reports[index]) }));
          const refused = unread.map(({ digest, code, sentAt }) => ({ digest, outcome: code, sentAt }));
          if (done.length + refused.length > 0) await store.remember(account, source, [...done, ...refused], now);
          const reasons = done.flatMap(({ reason }) => reason ?? []);
          const failed = await store.failed(account, source, new Date(now.getTime() - MAILS_TOLD_MS));
          return (
            mailProblem(source, withReasons(failed, reasons), timeZone) ?? (unread.some(({ code }) => code === 'away') ? DNS_AWAY : null)
          );
        },
      };
    },
    paceOf(account, source) {
      const one = find(account, source);
      return one && { everyMs: one.everyMs, leastGapMs: 1 };
    },
  };
}

/** Reads mails one by one, oldest first. */
async function readAll(boxed: readonly BoxedMail[], rules: MailRules, proof: Proof) {
  const read: { readonly digest: string; readonly mail: ReadMail }[] = [];
  const unread: { readonly digest: string; readonly code: UnreadMail['code']; readonly sentAt: Date }[] = [];
  for (const one of boxed) {
    const { digest } = one;
    const mail = await readBoxed(one, rules, proof);
    if (mail.ok) read.push({ digest, mail: mail.value });
    else unread.push({ digest, code: mail.error.code, sentAt: mail.error.sentAt });
  }
  return { read, unread };
}

function withReasons(failed: readonly MailTally[], reasons: readonly string[]): readonly MailTally[] {
  const [reason] = reasons;
  return failed.map((one) => (one.code === 'rejected' && reason !== undefined ? { ...one, reason } : one));
}
