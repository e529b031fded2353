import { createHash } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { z } from 'zod';
import { onAbort } from '../../async/on-abort.ts';
import type { Mailbox } from '../../core/meters/mail.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { MailboxFailure } from '../../messages/text/mail.ts';
import type { KnownMails } from '../../ports/stores/mail-store.ts';
import { MOST_MAIL_BYTES } from './read-mail.ts';

/** A mail in a mailbox. `digest` identifies it there; `bytes` are cut behind the largest mail that is read. */
export type BoxedMail = { readonly digest: string; readonly bytes: Uint8Array; readonly receivedAt: Date };

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 15_000;
/** Of a whole poll, less than its lease. A server that always sends a little never runs into the limit of one answer. */
const POLL_WITHIN_MS = 25_000;
/** Of one poll; the others wait for the next one, oldest first. */
const MOST_READ = 50;
/** Of these, for mails that wait, if there are more new ones than fit. */
const MOST_WAITING = 10;
const MOST_BYTES = 16 * MOST_MAIL_BYTES;
/** Mails that are looked up in the database at once. */
const PAGE = 2_000;

/**
 * Reads the new mails of a folder that come from some senders, over one connection. The folder is opened read-only, so nothing in it
 * changes: no mail is marked as read. Of more new mails than are read at once, the oldest come first. Mails that wait are read in turn,
 * behind the new ones and never in the place of all of them. If the server is slow, the mails that were read in time are returned.
 *
 * @param from addresses or `@domain`; the server compares them as parts of the sender, so more mails may come
 * @param known which of some digests were read before
 * @throws whatever `known` throws
 */
export async function readMailbox(
  { host, port, login, password, accessToken, folder, isPlain, keyVariables }: Mailbox,
  {
    from,
    since,
    signal,
    known,
  }: {
    readonly from: readonly string[];
    readonly since: Date;
    readonly signal: AbortSignal;
    readonly known: (digests: readonly string[]) => Promise<KnownMails>;
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
    const chosen = await choose(listed, known).catch((error: unknown) => {
      lookUps.push(error);
      throw error;
    });
    let bytes = 0;
    for (const { uid, digest } of chosen) {
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

type Listed = { readonly uid: number; readonly digest: string };

/** Chooses the mails to read now: the oldest new ones, then of those that wait the ones that were not read for the longest time. */
async function choose(listed: readonly Listed[], known: (digests: readonly string[]) => Promise<KnownMails>): Promise<readonly Listed[]> {
  const fresh: Listed[] = [];
  const waiting: (Listed & { readonly readAt: Date })[] = [];
  for (let at = 0; at < listed.length; at += PAGE) {
    const page = listed.slice(at, at + PAGE);
    const read = await known(page.map(({ digest }) => digest));
    for (const one of page) {
      const before = read.get(one.digest);
      if (before === undefined) fresh.push(one);
      else if (before.isWaiting) waiting.push({ ...one, readAt: before.readAt });
    }
  }
  const again = waiting
    .toSorted((a, b) => a.readAt.getTime() - b.readAt.getTime())
    .slice(0, Math.max(MOST_WAITING, MOST_READ - fresh.length));
  return [...fresh.slice(0, MOST_READ - again.length), ...again];
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
