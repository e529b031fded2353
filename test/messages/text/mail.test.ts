import { expect, test } from 'vitest';
import { mailProblemText } from '../../../src/messages/replies/mail.ts';
import { DNS_AWAY, mailProblem, refusedMailsText } from '../../../src/messages/text/mail.ts';

const LATEST = new Date('2026-12-03T14:05:00Z');
const failed = [{ code: 'unsigned', count: 1, latest: LATEST }] as const;

test('unsigned mails of a mailbox are told with what to do', () => {
  expect(mailProblem('acme', failed, 'UTC')).toEqual({
    reason: 'a mail of 3 Dec, was refused: no DKIM signature was found',
    remedy:
      'If unsigned mails are genuine, ask the vendor to sign its mails with DKIM, and paste its usage page until then. If they are signed, a server removes the signatures, or the one in authserv adds no DKIM result to Authentication-Results: read the mailbox that gets the mails first, or correct authserv. A refused mail may be forged: do not follow its links. If it is genuine, compare its headers with from, to, signedBy and authserv of the source.',
  });
});

test('an unsigned mail that was posted is answered with what to do', () => {
  expect(mailProblemText({ kind: 'unused', code: 'unsigned', reason: null })).toBe(
    'The mail gave no figures: no DKIM signature was found. If unsigned mails are genuine, ask the vendor to sign its mails with DKIM, and paste its usage page until then. If they are signed, a server on the way removes the signatures: have the vendor write to the mail service directly.',
  );
});

test('try counts refused mails by their reason', () => {
  expect(refusedMailsText({ code: 'other-sender', count: 1, latest: LATEST }, 'UTC')).toBe('  3 Dec: refused: the sender is not in from');
  expect(refusedMailsText({ code: 'other-sender', count: 300, latest: LATEST }, 'UTC')).toBe(
    '  300 mails, the latest of 3 Dec: refused: the sender is not in from',
  );
});

test('a posted mail that waits for a total need not be sent again', () => {
  expect(mailProblemText({ kind: 'unused', code: 'total-missing', reason: null })).toBe(
    'The mail gave no figures: it gives a share, but the total is not known. State total of the meter in creditwatch.yml, or set it with /usage total. The mail counts then, and need not be sent again.',
  );
});

test('mails whose keys could not be looked up are told with both causes', () => {
  expect(DNS_AWAY).toEqual({
    reason: 'some keys of DKIM signatures could not be looked up: DNS does not answer, or the mails name more than 100 new keys',
    remedy: 'Check the name servers of this machine. The mails are read again, and no mail with a known key waits for them.',
  });
});
