import { expect, test } from 'vitest';
import type { PollFailure } from '../../../src/core/meters/poll-failure.ts';
import { correctExpression, POLL_PROBLEMS, pollFailureText, rejectedReadingsText } from '../../../src/messages/text/poll-failure.ts';

const about = { source: 'apollo', host: 'vendor.internal:8443', keyVariables: ['APOLLO_KEY'] };
const status = (code: number, inaccessible = false): PollFailure => ({ kind: 'status', status: code, inaccessible, retryAfterMs: null });

const EMPTY =
  'If this account has used nothing yet, its figures come with the first use. Otherwise check that the key in APOLLO_KEY belongs to the account with the credits, and the dates and values in the request, then: npx creditwatch try apollo';

test.each<[PollFailure, string, string]>([
  [
    { kind: 'timeout', withinMs: 10_000 },
    'no complete answer within 10 s',
    'Creditwatch tries again. If this continues: check the url of apollo, then: npx creditwatch try apollo',
  ],
  [
    { kind: 'too-large', mostBytes: 1024 * 1024 },
    'the answer is larger than 1 MiB',
    'Point the url of apollo at an endpoint that returns only the usage, or raise answerMiB (at most 8), then: npx creditwatch try apollo',
  ],
  [{ kind: 'redirects' }, 'it redirects too many times', 'Put the final address into the url of apollo, then: npx creditwatch try apollo'],
  [{ kind: 'bad-redirect' }, 'it redirects to an invalid URL', 'Check the url of apollo, then: npx creditwatch try apollo'],
  [
    { kind: 'refused', host: 'vendor.internal:8443', address: '10.0.0.7' },
    'refused: vendor.internal:8443 is the private address 10.0.0.7',
    'If it is your own, allow it in creditwatch.yml: allowHosts: ["vendor.internal:8443"]. Then: npx creditwatch try apollo',
  ],
  [
    { kind: 'refused', host: '169.254.169.254:80', address: '169.254.169.254' },
    'refused: 169.254.169.254:80 is a private address',
    'The url of apollo redirects there. If that is intended, allow it in creditwatch.yml: allowHosts: ["169.254.169.254:80"]. Then: npx creditwatch try apollo',
  ],
  [
    { kind: 'unreachable', code: 'ENOTFOUND' },
    'its host name is unknown',
    'Creditwatch tries again. If this continues: check the url of apollo, then: npx creditwatch try apollo',
  ],
  [
    { kind: 'unreachable', code: 'EPIPE' },
    'it cannot be reached (EPIPE)',
    'Creditwatch tries again. If this continues: check the url of apollo, then: npx creditwatch try apollo',
  ],
  [
    status(401),
    '401: the key was refused',
    'Put a valid key in APOLLO_KEY, then: npx creditwatch try apollo. When it shows figures, restart Creditwatch, which reads keys at its start.',
  ],
  [
    status(403, true),
    '403: this is the wrong kind of key (API_INACCESSIBLE)',
    'Make a master key, or one with access to this endpoint, and put it in APOLLO_KEY, then: npx creditwatch try apollo. When it shows figures, restart Creditwatch, which reads keys at its start.',
  ],
  [
    status(403),
    '403: the key may not read this',
    'Give the key in APOLLO_KEY access to usage, or put one that has it there, then: npx creditwatch try apollo. When it shows figures, restart Creditwatch, which reads keys at its start.',
  ],
  [
    status(404),
    '404: there is nothing at this URL',
    "The vendor may have moved it. Compare the url of apollo with the vendor's documentation, then: npx creditwatch try apollo",
  ],
  [{ kind: 'empty', what: 'body' }, 'its answer has no content', EMPTY],
  [{ kind: 'empty', what: 'answer' }, 'its answer is empty', EMPTY],
  [{ kind: 'empty', what: { list: null } }, 'its answer is an empty list', EMPTY],
  [{ kind: 'empty', what: { list: 'usage' } }, 'the list usage in its answer is empty', EMPTY],
  [status(429), '429: too many requests', 'Creditwatch tries again later. If this continues: raise every of apollo.'],
  [status(503), '503: the vendor has a problem', 'Creditwatch tries again. If this continues: see the status page of the vendor.'],
  [status(400), '400: the request was rejected', 'Check method, url, headers and body of apollo, then: npx creditwatch try apollo'],
  [
    { kind: 'html' },
    'it answered with a web page, probably a sign-in page, and not with JSON',
    'Check the url of apollo and the header with the key, then: npx creditwatch try apollo',
  ],
  [{ kind: 'not-json' }, 'the answer is not JSON', 'Check the url of apollo, then: npx creditwatch try apollo'],
  [{ kind: 'too-deep' }, 'the answer is nested more than 64 levels deep', 'Check the url of apollo, then: npx creditwatch try apollo'],
  [
    { kind: 'runs-away' },
    'an expression ran for too long or needed too much memory',
    'Simplify the expressions of apollo in creditwatch.yml, then: npx creditwatch try apollo',
  ],
  [
    { kind: 'not-understood', what: 'used of a: the expression used found nothing' },
    'used of a: the expression used found nothing',
    'See what the endpoint answers now: npx creditwatch try apollo. Then correct the expression in creditwatch.yml.',
  ],
])('the failed poll %j has a reason and a next step', (failure, reason, remedy) => {
  expect(pollFailureText(failure, about)).toEqual({ reason, remedy });
});

test('a key that is written in the file is looked for there', () => {
  expect(pollFailureText(status(401), { ...about, keyVariables: [] }).remedy).toBe(
    'Put a valid key in headers of creditwatch.yml, then: npx creditwatch try apollo. When it shows figures, restart Creditwatch, which reads keys at its start.',
  );
});

test('a result that cannot be used leads to the answer of the endpoint', () => {
  expect(correctExpression('apollo')).toContain('npx creditwatch try apollo');
});

test('a poll that Creditwatch itself could not make has a reason and a next step', () => {
  expect(POLL_PROBLEMS).toEqual({
    'source-unknown': {
      reason: 'a process was started without this source',
      remedy: 'Start all processes with the same creditwatch.yml.',
    },
    crashed: { reason: 'it failed on our side', remedy: 'This is a bug in Creditwatch. Please report the error in the log.' },
  });
});

test('rejected readings are added to what was wrong with the poll before', () => {
  const rejected = [
    { meter: 'leads', reason: 'used is missing' },
    { meter: null, reason: 'meter is missing' },
  ];
  expect(rejectedReadingsText(rejected, 'apollo', null)).toEqual({
    reason: 'leads: used is missing; a meter: meter is missing',
    remedy: correctExpression('apollo'),
  });
  expect(rejectedReadingsText(rejected.slice(0, 1), 'apollo', { reason: 'seats was not found', remedy: 'Check it.' })).toEqual({
    reason: 'seats was not found; leads: used is missing',
    remedy: 'Check it.',
  });
});
