import type { MailRules } from '../../core/meters/mail.ts';
import { err, type Result } from '../../core/result.ts';
import { readMail, type Proof, type ReadMail, type UnreadMail } from './read-mail.ts';

/**
 * A mail in a mailbox. `digest` identifies it there. `bytes` are cut behind the largest mail that is read. `refused`: its head shows that it
 * does not count, so its body was not fetched.
 */
export type BoxedMail = { readonly digest: string; readonly receivedAt: Date } & (
  { readonly bytes: Uint8Array } | { readonly refused: UnreadMail['code'] }
);

/** Reads a mail of a mailbox as far as it was fetched. */
export async function readBoxed(mail: BoxedMail, rules: MailRules, proof: Proof): Promise<Result<ReadMail, UnreadMail>> {
  const { digest, receivedAt } = mail;
  return 'refused' in mail ? err({ code: mail.refused, digest, sentAt: receivedAt }) : readMail(mail.bytes, receivedAt, rules, proof);
}
