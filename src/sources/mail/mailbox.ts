import { createHash } from 'node:crypto';
import { ImapFlow, type FetchQueryObject } from 'imapflow';
import { z } from 'zod';
import { onAbort } from '../../async/on-abort.ts';
import type { Mailbox } from '../../core/meters/mail.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { MailboxFailure } from '../../messages/text/mail.ts';
import type { KnownMails } from '../../ports/stores/mail-store.ts';
import type { BoxedMail } from './boxed-mail.ts';
import { MOST_HEADER_BYTES } from './headers.ts';
import { headsToFetch, listUnread, mailsToFetch, type HeadedMail, type ListedMail } from './listed-mails.ts';
import { MOST_MAIL_BYTES, type CheckedHead } from './read-mail.ts';

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 15_000;
/** Of a whole poll, less than its lease. A server that always sends a little never runs into the limit of one answer. */
const POLL_WITHIN_MS = 25_000;
/** Of this, for heads, so that a slow server or DNS leaves time for the mails that count. */
const HEADS_WITHIN_MS = 10_000;
/** Heads of one poll, and of these for mails that wait, if there are more new ones than fit. */
const HEADS = { most: 2_000, mostWaiting: 400 };
const HEADS_AT_ONCE = 50;
const MOST_BYTES_OF_HEADS = 32 * 1024 * 1024;
/** Whole mails of one poll; the others wait for the next one. */
const MAILS = { most: 50, mostWaiting: 10 };
const MOST_BYTES = 16 * MOST_MAIL_BYTES;

/** Says by its head why a mail does not count, or what is the same in the head of each copy of it. */
export type CheckHead = (head: Uint8Array, receivedAt: Date) => Promise<CheckedHead>;

/**
 * Reads the new mails of a folder that come from some senders, over one connection. The folder is opened read-only, so nothing in it
 * changes: no mail is marked as read. First the heads of many mails are fetched, then the mails whose heads do not show that they cannot
 * count. Of more of these than are read at once, the oldest come first. Mails that wait are read in turn, behind the new ones and never in
 * the place of all of them. If the server is slow, the mails that were read in time are returned.
 *
 * @param from addresses or `@domain`; the server compares them as parts of the sender, so more mails may come
 * @param known which of some digests were read before
 * @param checkHead its answers that take too long count as `away`
 * @throws whatever `known` throws
 */
export async function readMailbox(
  { host, port, login, password, accessToken, folder, isPlain, keyVariables }: Mailbox,
  {
    from,
    since,
    signal,
    known,
    checkHead,
  }: {
    readonly from: readonly string[];
    readonly since: Date;
    readonly signal: AbortSignal;
    readonly known: (digests: readonly string[]) => Promise<KnownMails>;
    readonly checkHead: CheckHead;
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
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    client.close();
  }, POLL_WITHIN_MS);
  const mails: (BoxedMail & { readonly uid: number })[] = [];
  const inOrder = () => mails.toSorted((a, b) => a.uid - b.uid);
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
    const listed = found
      .toSorted((a, b) => a - b)
      .map((uid) => ({ uid, digest: digestOf([host, login, folder, String(uidValidity), String(uid)]) }));
    const unread = await listUnread(listed, known).catch((error: unknown) => {
      lookUps.push(error);
      throw error;
    });
    const worthReading: HeadedMail[] = [];
    await forEachHead(client, headsToFetch(unread, HEADS), checkHead, (one, receivedAt, head) => {
      if (head.ok) worthReading.push({ ...one, head: head.value });
      else mails.push({ uid: one.uid, digest: one.digest, receivedAt, refused: head.error });
    });
    let bytes = 0;
    for (const { uid, digest } of mailsToFetch(worthReading, MAILS)) {
      if (bytes > MOST_BYTES) break;
      const mail = await client.fetchOne(String(uid), { internalDate: true, source: { maxLength: MOST_MAIL_BYTES + 1 } }, { uid: true });
      // Deleted meanwhile.
      if (mail === false || mail.source === undefined) continue;
      bytes += mail.source.length;
      mails.push({ uid, digest, bytes: mail.source, receivedAt: dateOf(mail.internalDate) });
    }
    await client.logout();
    return ok(inOrder());
  } catch (error) {
    if (lookUps.length > 0) throw lookUps[0];
    // Else a slow mailbox would never be read.
    if (isLate) return mails.length > 0 ? ok(inOrder()) : err({ kind: 'timeout' });
    return err(failureOf(broken ?? error, error, { isOpening, folder, keyVariables }));
  } finally {
    clearTimeout(deadline);
    endWaiting();
    client.close();
  }
}

/** Fetches heads and checks them, while the next ones are fetched. Ends with those that came in time. */
async function forEachHead(
  client: ImapFlow,
  listed: readonly ListedMail[],
  checkHead: CheckHead,
  take: (one: ListedMail, receivedAt: Date, head: CheckedHead) => void,
): Promise<void> {
  let isLate = false;
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<CheckedHead>((resolve) => {
    limit = setTimeout(() => {
      isLate = true;
      resolve(err('away'));
    }, HEADS_WITHIN_MS);
  });
  const checks: Promise<void>[] = [];
  let bytes = 0;
  try {
    for (let at = 0; at < listed.length && bytes <= MOST_BYTES_OF_HEADS && !isLate; at += HEADS_AT_ONCE) {
      const some = listed.slice(at, at + HEADS_AT_ONCE);
      const heads = await client.fetchAll(some.map(({ uid }) => uid).join(','), HEAD, { uid: true });
      const byUid = new Map(heads.map((one) => [one.uid, one]));
      for (const one of some) {
        const found = byUid.get(one.uid);
        // Deleted meanwhile.
        if (found === undefined) continue;
        const { headers, internalDate } = found;
        const receivedAt = dateOf(internalDate);
        // A server that sends no heads alone may send whole mails.
        if (headers === undefined) take(one, receivedAt, ok(one.digest));
        else checks.push(Promise.race([checkHead(headers, receivedAt), late]).then((head) => take(one, receivedAt, head)));
        bytes += headers?.length ?? 0;
      }
    }
    await Promise.all(checks);
  } finally {
    clearTimeout(limit);
  }
}

/** The head with the empty line behind it. */
const HEAD: FetchQueryObject = { uid: true, internalDate: true, bodyParts: [{ key: 'HEADER', maxLength: MOST_HEADER_BYTES }] };

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

/** Codes of Node for a certificate that it does not trust, or that is of another host. */
const CERTIFICATE = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w{1,40}|CERT_\w{1,40}|ERR_TLS_CERT_\w{1,40})$/;

function failureOf(
  first: unknown,
  last: unknown,
  { isOpening, folder, keyVariables }: { readonly isOpening: boolean; readonly folder: string; readonly keyVariables: readonly string[] },
): MailboxFailure {
  const [a, b] = [failed.safeParse(first).data, failed.safeParse(last).data];
  if (a?.authenticationFailed === true || b?.authenticationFailed === true) return { kind: 'login-refused', variables: keyVariables };
  if (isOpening && b?.responseStatus === 'NO') return { kind: 'no-folder', folder };
  const code = a?.code ?? b?.code ?? 'closed';
  if (CERTIFICATE.test(code)) return { kind: 'certificate', code };
  return /TIMEOUT|TIMEDOUT/i.test(code) ? { kind: 'timeout' } : { kind: 'unreachable', code: code.slice(0, 40) };
}
