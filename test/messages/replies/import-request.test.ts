import { expect, test } from 'vitest';
import {
  curlProblemText,
  harProblemText,
  noAnswerText,
  noSuchPickText,
  notASourceText,
  noUsageInHarText,
} from '../../../src/messages/replies/import-request.ts';

const COPY =
  "In the browser's developer tools, open Network, right-click the request and choose Copy, Copy as cURL (bash), or Copy as cURL (cmd) on Windows.";

test.each<[Parameters<typeof curlProblemText>[0], string]>([
  [{ kind: 'empty' }, `No command came in. ${COPY}`],
  [{ kind: 'not-curl' }, `This is not a cURL command: it must begin with curl. ${COPY}`],
  [{ kind: 'power-shell' }, `This is a command for PowerShell. ${COPY}`],
  [{ kind: 'fetch' }, `This was copied as fetch. ${COPY}`],
  [{ kind: 'not-closed' }, 'A quotation mark of the command is not closed, so its end is missing. Copy the whole command again.'],
  [{ kind: 'several' }, 'These are several commands. Copy only the request whose answer has the figures.'],
  [{ kind: 'no-url' }, 'The command has no address. Copy the whole command again.'],
  [{ kind: 'bad-url' }, 'The address of the command is not an http or https URL. Copy the whole command again.'],
  [{ kind: 'two-urls' }, 'The command has several addresses, or a value with a space that is not in quotation marks. Copy it again.'],
  [{ kind: 'too-large', mostKib: 128 }, 'The command is longer than 128 KiB. Copy only the request whose answer has the figures.'],
  [
    { kind: 'unknown-option', option: '--form' },
    'The command has an option that is not supported: --form. Remove it, or copy the request again.',
  ],
  [{ kind: 'unknown-option', option: null }, 'The command has an option that is not supported. Remove it, or copy the request again.'],
  [{ kind: 'no-value', option: '-H' }, 'An option of the command has no value: -H. Copy the whole command again.'],
  [{ kind: 'file', option: '-d' }, '-d takes its value from a file, which is not read. Put the value into the command.'],
  [{ kind: 'method', method: 'PUT' }, 'The request is not a GET or POST but a PUT. Choose another request whose answer has the figures.'],
  [{ kind: 'method', method: null }, 'The request is not a GET or POST. Choose another request whose answer has the figures.'],
])('the command: %j', (problem, text) => {
  expect(curlProblemText(problem)).toBe(text);
});

const SAVE = "In the browser's developer tools, open Network, load the usage page, and choose Export HAR.";

test.each<[Parameters<typeof harProblemText>[1], string]>([
  [{ kind: 'empty' }, `a.har is empty. ${SAVE}`],
  [{ kind: 'cut-off' }, 'a.har is incomplete: its end is missing. Save it again.'],
  [{ kind: 'not-json' }, `a.har is not a HAR: it is not JSON. ${SAVE}`],
  [{ kind: 'not-inflated' }, 'a.har is compressed and cannot be decompressed: it is damaged or far too large. Save it again.'],
  [{ kind: 'not-har' }, `a.har is JSON but not a HAR: it has no list log.entries. ${SAVE}`],
  [{ kind: 'no-entries' }, 'a.har has no requests. Load the usage page while Network is open, and save it again.'],
  [
    { kind: 'too-large', mostMb: 100 },
    'a.har is larger than 100 MB. Clear the list of requests, load only the usage page, and save it again.',
  ],
  [
    { kind: 'no-entry-fits', entry: 1, field: 'request.url' },
    'No entry of a.har has the form of a HAR. Entry 1 has a missing or wrong field request.url. Save it again.',
  ],
])('the HAR: %j', (problem, text) => {
  expect(harProblemText('a.har', problem)).toBe(text);
});

test('without figures it says what was looked at, and the next step', () => {
  expect(noUsageInHarText('a.har', { entries: 30, answers: 4, unsaved: 0 })).toBe(
    'No figures found in a.har: of 30 requests, 4 have a JSON answer, and none looks like usage. Load the page that shows the figures, and save it again.',
  );
  expect(noUsageInHarText('a.har', { entries: 30, answers: 0, unsaved: 4 })).toBe(
    'No figures found in a.har: of 30 requests, 0 have a JSON answer, and none looks like usage. The browser did not save 4 answers: use Export HAR with content.',
  );
  expect(noSuchPickText('x', 3)).toBe('--pick must be a number from 1 to 3, not x.');
  expect(notASourceText(['url must be a URL', 'id must be text'])).toBe(
    'The request cannot become a source: url must be a URL; id must be text.',
  );
});

test('a request without a usable answer says why, and what to do', () => {
  expect(noAnswerText('acme.example', '401: the key was refused', true)).toBe(
    'acme.example: 401: the key was refused. The session may have expired, or the key may not read this. Sign in again, copy the command again, and import it at once.',
  );
  expect(noAnswerText('acme.example', 'its host name is unknown', false)).toBe(
    'acme.example: its host name is unknown. Check the request in the browser, then copy it again. If the address is a private one of your own, add it to allowHosts in creditwatch.yml.',
  );
});
