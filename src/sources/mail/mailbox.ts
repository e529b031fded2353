import { createHash } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { z } from 'zod';
import { onAbort } from '../../async/on-abort.ts';
import type { Mailbox } from '../../core/meters/mail.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { MailboxFailure } from '../../messages/text/mail.ts';
import { MOST_MAIL_BYTES } from './read-mail.ts';

/** A mail in a mailbox. `digest` identifies it there; `bytes` are cut behind the largest mail that is read. */
export type BoxedMail = { readonly digest: string; readonly bytes: Uint8Array; readonly receivedAt: Date };

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 15_000;
/** Of one poll; the others wait for the next one, oldest first. */
const MOST_NEW = 50;
const MOST_LISTED = 2_000;

/**
 * Reads the new mails of a folder that come from some senders, over one connection. The folder is opened read-only, so nothing in it
 * changes: no mail is marked as read.
 *
 * @param from addresses or `@domain`; the server compares them as parts of the sender, so more mails may come
 * @param isKnown which of some digests need not be read again
 * @throws whatever `isKnown` throws
 */
export async function readMailbox(
  { host, port, login, password, accessToken, folder, isPlain, keyVariables }: Mailbox,
  {
    from,
    since,
    signal,
    isKnown,
  }: {
    readonly from: readonly string[];
    readonly since: Date;
    readonly signal: AbortSignal;
    readonly isKnown: (digests: readonly string[]) => Promise<ReadonlySet<string>>;
  },
): Promise<Result<readonly BoxedMail[], MailboxFailure>> {
  const client = new ImapFlow({
    host,
    port,
    secure: !isPlain,
    ...(isPlain && { doSTARTTLS: false }),
    auth: { user: login, ...(accessToken === null ? { pass: password ?? '' } : { accessToken }) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: ANSWER_WITHIN_MS,
  });
  let broken: unknown = null;
  // Also emitted after a method has failed; without a listener it would end the process.
  client.on('error', (error: unknown) => void (broken ??= error));
  const endWaiting = onAbort(signal, () => client.close());
  const lookUps: unknown[] = [];
  let isOpening = false;
  try {
    await client.connect();
    isOpening = true;
    const { uidValidity } = await client.mailboxOpen(folder, { readOnly: true });
    isOpening = false;
    const senders = from.map((one) => ({ from: one }));
    const found = await client.search({ since, ...(senders.length > 1 ? { or: senders } : senders[0]) }, { uid: true });
    if (found === undefined || found === false) return err({ kind: 'unreachable', code: 'SEARCH' });
    const uids = found.toSorted((a, b) => a - b).slice(-MOST_LISTED);
    const listed = uids.map((uid) => ({ uid, digest: digestOf([host, login, folder, String(uidValidity), String(uid)]) }));
    const known = await isKnown(listed.map(({ digest }) => digest)).catch((error: unknown) => {
      lookUps.push(error);
      throw error;
    });
    const mails: BoxedMail[] = [];
    for (const { uid, digest } of listed.filter((one) => !known.has(one.digest)).slice(0, MOST_NEW)) {
      const mail = await client.fetchOne(String(uid), { internalDate: true, source: { maxLength: MOST_MAIL_BYTES + 1 } }, { uid: true });
      // Deleted meanwhile.
      if (mail === false || mail.source === undefined) continue;
      mails.push({ digest, bytes: mail.source, receivedAt: dateOf(mail.internalDate) });
    }
    await client.logout();
    return ok(mails);
  } catch (error) {
    if (lookUps.length > 0) throw lookUps[0];
    return err(failureOf(broken ?? error, error, { isOpening, folder, keyVariables }));
  } finally {
    endWaiting();
    client.close();
  }
}

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function dateOf(written: Date | string | undefined): Date {
  const at = new Date(written ?? NaN);
  return Number.isNaN(at.getTime()) ? new Date(0) : at;
}

const failed = z.looseObject({
  code: z.string().optional().catch(undefined),
  authenticationFailed: z.boolean().optional().catch(undefined),
  responseStatus: z.string().optional().catch(undefined),
});

function failureOf(
  first: unknown,
  last: unknown,
  { isOpening, folder, keyVariables }: { readonly isOpening: boolean; readonly folder: string; readonly keyVariables: readonly string[] },
): MailboxFailure {
  const [a, b] = [failed.safeParse(first).data, failed.safeParse(last).data];
  if (a?.authenticationFailed === true || b?.authenticationFailed === true) return { kind: 'login-refused', variables: keyVariables };
  if (isOpening && b?.responseStatus === 'NO') return { kind: 'no-folder', folder };
  const code = a?.code ?? b?.code ?? 'closed';
  return /TIMEOUT|TIMEDOUT/i.test(code) ? { kind: 'timeout' } : { kind: 'unreachable', code: code.slice(0, 40) };
}
