import type { AccountConfig, MailSourceConfig } from '../config/config.ts';
import { completeNotice } from '../core/meters/complete-notice.ts';
import { isForged, isUntaken, MAILS_SEARCHED_MS, tallyOfMails, type FailedMail, type UntakenCode } from '../core/meters/mail.ts';
import { MOST_DECIMALS } from '../core/meters/meter.ts';
import { draftReading } from '../core/meters/reading.ts';
import { systemClock } from '../app/system-clock.ts';
import {
  foundMailText,
  mailboxProblem,
  noMailsText,
  noMailboxText,
  refusedMailsText,
  triedMailText,
  untakenMailText,
  unusedMailText,
} from '../messages/text/mail.ts';
import { readBoxed } from '../sources/mail/boxed-mail.ts';
import { readMailbox } from '../sources/mail/mailbox.ts';
import { checkHead, type ReadMail } from '../sources/mail/read-mail.ts';
import { createTxtLookUp, sparing } from '../sources/mail/txt-look-up.ts';
import type { Terminal } from './terminal.ts';

/**
 * `creditwatch try <source>` for a source of kind mail: reads its mailbox once and shows what each mail says, or why it is not used, without
 * storing anything. Exits with 1 if the mailbox cannot be read.
 */
export async function tryMail(
  terminal: Terminal,
  { account, source, json }: { readonly account: AccountConfig; readonly source: MailSourceConfig; readonly json: boolean },
): Promise<void> {
  const { id, mailbox, rules } = source;
  if (mailbox === null) return terminal.fail(noMailboxText(id));
  const proof = { authserv: mailbox.authserv, resolveTxt: sparing(createTxtLookUp(), new Set()) };
  const boxed = await readMailbox(mailbox, {
    from: rules.from,
    since: new Date(systemClock.now().getTime() - MAILS_SEARCHED_MS),
    signal: new AbortController().signal,
    known: async () => new Map(),
    checkHead: (head, receivedAt) => checkHead(head, receivedAt, rules, proof),
  });
  if (!boxed.ok) {
    const { reason, remedy } = mailboxProblem(boxed.error, { source: id, host: mailbox.host });
    return terminal.fail(`${id}: ${reason}. ${remedy}`);
  }
  const mails: object[] = [];
  const refused: FailedMail[] = [];
  for (const one of boxed.value) {
    const mail = await readBoxed(one, rules, proof);
    const problem = mail.ok ? problemOf(mail.value, { source, timeZone: account.timeZone }) : null;
    if (mail.ok) mails.push({ sentAt: mail.value.sentAt.toISOString(), ...mail.value.reading, ...(problem !== null && { code: problem }) });
    else mails.push({ sentAt: mail.error.sentAt.toISOString(), code: mail.error.code });
    if (json) continue;
    if (mail.ok) {
      terminal.print(foundMailText(mail.value, account.timeZone));
      if (problem !== null) terminal.complain(untakenMailText(problem));
    } else {
      const { code, sentAt } = mail.error;
      if (code !== 'away' && isForged(code)) refused.push({ code, sentAt });
      else terminal.complain(unusedMailText(mail.error, account.timeZone));
    }
  }
  if (json) return terminal.print(JSON.stringify({ account: account.id, source: id, mails }, null, 2));
  for (const tally of tallyOfMails(refused)) terminal.complain(refusedMailsText(tally, account.timeZone));
  if (mails.length === 0) terminal.print(noMailsText(id, mailbox.folder));
  terminal.print(triedMailText(account.id));
}

/** Why figures of a mail may not count, as far as that is known without the database. */
function problemOf(
  { reading, sentAt }: ReadMail,
  { source, timeZone }: { readonly source: MailSourceConfig; readonly timeZone: string },
): UntakenCode | null {
  const draft = draftReading(reading, sentAt, true);
  if (!draft.ok || draft.value.notice === undefined) return null;
  const defaults = {
    decimals: MOST_DECIMALS,
    cuts: true,
    lastTotal: undefined,
    statedTotal: null,
    periodSpec: source.period,
    timeZone,
    current: null,
  };
  const complete = completeNotice(draft.value, draft.value.notice, defaults);
  if (complete.ok) return null;
  const { code } = complete.error;
  return isUntaken(code) ? code : null;
}
