import { expect, test } from 'vitest';
import { configFileProblemText } from '../../../src/messages/replies/config-file.ts';
import { addedText, otherAnswersText, placeText, proposalNoteText, variablesText } from '../../../src/messages/replies/proposed-source.ts';

test.each<[Parameters<typeof placeText>[0], string]>([
  [{ in: 'header', name: 'x-key', scheme: null }, 'the header x-key'],
  [{ in: 'header', name: 'authorization', scheme: 'Bearer' }, 'the header authorization, after Bearer'],
  [{ in: 'header', name: 'authorization', scheme: 'Basic' }, 'the header authorization, after Basic (user:password in Base64)'],
  [{ in: 'cookies' }, 'the header cookie, all of it'],
  [{ in: 'host' }, 'a part of the host name'],
  [{ in: 'body' }, 'the whole body'],
  [{ in: 'query' }, 'everything after ? in the address'],
  [{ in: 'path', after: 'teams' }, 'the part of the path after /teams/'],
  [{ in: 'path', after: null }, 'a part of the path'],
  [{ in: 'parameter', name: 'key' }, 'the parameter key of the address, as it is written there'],
  [{ in: 'form-field', name: 'key' }, 'the field key of the body, as it is written there'],
  [{ in: 'body-field', path: 'auth.token' }, 'the field auth.token of the body'],
])('a place is described, and not its value: %j', (place, text) => {
  expect(placeText(place)).toBe(text);
});

test('the variables to set are listed with their places', () => {
  const key = { name: 'ACME_KEY', places: [{ in: 'header', name: 'x-key', scheme: null }, { in: 'host' }] } as const;
  expect(variablesText([key])).toBe(
    'Set this variable in the environment of Creditwatch, with the value from the request:\n  ACME_KEY  the header x-key and a part of the host name',
  );
  expect(variablesText([key, { name: 'ACME_COOKIE', places: [{ in: 'cookies' }] }])).toBe(
    'Set these variables in the environment of Creditwatch, with the value from the request:\n  ACME_KEY     the header x-key and a part of the host name\n  ACME_COOKIE  the header cookie, all of it',
  );
});

test.each<[Parameters<typeof proposalNoteText>[0], string]>([
  [
    { kind: 'cookie' },
    'A session cookie expires, often within days, and the source then stops. If the vendor has an API key, use its API instead.',
  ],
  [
    { kind: 'no-credential' },
    'The request has no key and no cookie: browsers leave them out of a HAR. Add the header that the vendor needs, or use import --curl.',
  ],
  [
    { kind: 'no-reset' },
    'The answer does not say when the credits reset. Add a period, such as period: { every: month, day: 1 }, or period: { every: none } for prepaid credits.',
  ],
  [
    { kind: 'fixed-dates', names: ['from', 'to'] },
    'The request asks for fixed days (from, to), so its figures stay those of these days. Write {{monthStart:date}} or {{today:date}} in their place: docs/sources.md.',
  ],
  [{ kind: 'more-figures', count: 1 }, 'One more figure of the answer was left out, because it looks less like usage.'],
  [{ kind: 'more-figures', count: 12 }, '12 more figures of the answer were left out, because they look less like usage.'],
  [{ kind: 'preset', name: 'apollo' }, 'There is a preset for this vendor: npx creditwatch add apollo'],
])('a note: %j', (note, text) => {
  expect(proposalNoteText(note)).toBe(text);
});

test('other answers are listed with the option that chooses them', () => {
  const others = [{ number: 2, method: 'GET', address: 'https://a.example/u', meters: ['A Credits', 'B Credits'] }];
  expect(otherAnswersText(others, 0)).toBe(
    'Other answers also look like usage. To use one of them, add its option:\n  --pick 2  GET https://a.example/u: A Credits, B Credits',
  );
  expect(otherAnswersText(others, 3)).toMatch(/\n {2}and 3 more$/);
});

test('what was added, and why something was not', () => {
  expect(addedText('acme', 'creditwatch.yml')).toBe('Added acme to creditwatch.yml. After the variables are set: npx creditwatch try acme');
  const said = (problem: Parameters<typeof configFileProblemText>[1]) => configFileProblemText('creditwatch.yml', problem);
  expect(said({ kind: 'not-yaml' })).toBe(
    'creditwatch.yml is not YAML, or does not consist of keys. Correct it first: npx creditwatch doctor',
  );
  expect(said({ kind: 'not-a-list' })).toBe('sources in creditwatch.yml is not a list. Correct it first: npx creditwatch doctor');
  expect(said({ kind: 'changed' })).toBe('creditwatch.yml was changed meanwhile, and nothing was written. Run the command again.');
  expect(said({ kind: 'unreadable', code: 'EACCES' })).toBe('creditwatch.yml cannot be read (EACCES). Check who may read it.');
  expect(said({ kind: 'not-written', code: 'EROFS' })).toBe(
    'creditwatch.yml cannot be written (EROFS). Check who may write it, and the disk.',
  );
  expect(said({ kind: 'id-exists', id: 'acme' })).toBe('creditwatch.yml already has a source acme. Choose another name: --source <id>');
  expect(said({ kind: 'unknown-account', account: 'x', accounts: ['a', 'b'] })).toBe('There is no account "x". There are: a, b.');
  expect(said({ kind: 'choose-account', accounts: ['a', 'b'] })).toBe('There are several accounts. Choose one with --account: a, b.');
  expect(said({ kind: 'not-valid', mistakes: ['creditwatch.yml sources[0].url: must be a URL'] })).toBe(
    'The source was not written, because it would not be valid:\n  creditwatch.yml sources[0].url: must be a URL',
  );
});
