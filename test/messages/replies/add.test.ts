import { expect, test } from 'vitest';
import {
  addedPresetText,
  askForKeyText,
  askForUrlText,
  askForValueText,
  badValueText,
  missingText,
  notAddedText,
  unknownVendorText,
} from '../../../src/messages/replies/add.ts';

test('the questions say what is asked for, and where it is', () => {
  expect(askForKeyText({ variable: 'ACME_KEY', kind: 'an API key', page: 'https://acme.example/keys' })).toBe(
    'ACME_KEY: an API key (https://acme.example/keys). What you type is not shown: ',
  );
  expect(askForKeyText({ variable: 'ACME_KEY', kind: 'an API key', page: null })).toBe(
    'ACME_KEY: an API key. What you type is not shown: ',
  );
  expect(askForValueText({ name: 'account', is: 'the ID of the account', example: 'AC0123' })).toBe(
    'account: the ID of the account, such as AC0123: ',
  );
  expect(askForUrlText('Acme')).toBe('The address of your own endpoint for Acme: ');
});

test('what is missing is listed, each with how to give it', () => {
  expect(
    missingText('acme', [
      { kind: 'value', name: 'account', is: 'the ID of the account', example: 'AC0123' },
      { kind: 'url' },
      { kind: 'key', variable: 'ACME_KEY', is: 'an API key' },
    ]),
  ).toBe(
    'The preset acme needs more:\n  the ID of the account: add --value account=AC0123, with yours\n  the address of your own endpoint: add --url <address>\n  an API key: set the variable ACME_KEY',
  );
  expect(badValueText(['account', 'host'])).toBe('--value must be name=value, with the name account or host.');
  expect(badValueText([])).toBe('This preset has no values: leave out --value.');
});

test('an unknown vendor, a failure and the result', () => {
  expect(unknownVendorText('opnrouter', ['openrouter'])).toBe(
    'There is no preset "opnrouter". Did you mean openrouter? Any other vendor: npx creditwatch import --curl',
  );
  expect(unknownVendorText('clay', ['claude-enterprise'], true)).toBe(
    'There is no preset "clay", but its usage page is known. Paste it with /usage import, or have it captured: npx creditwatch capture clay',
  );
  expect(unknownVendorText('x', [])).toBe(
    'There is no preset "x". To list all: npx creditwatch presets. Any other vendor: npx creditwatch import --curl',
  );
  expect(notAddedText('acme', '401: the key was refused')).toBe(
    'acme: 401: the key was refused. Nothing was added. Correct the key or the values, and run the command again.',
  );
  const added = { id: 'acme', file: 'creditwatch.yml', basis: 'documented by the vendor, as of 2026-11-30' };
  expect(addedPresetText({ ...added, variable: 'ACME_KEY' })).toBe(
    'Added acme to creditwatch.yml (documented by the vendor, as of 2026-11-30). Set ACME_KEY in the environment of Creditwatch; it is not stored. Restart Creditwatch to poll it.',
  );
  expect(addedPresetText({ ...added, variable: null })).toBe(
    'Added acme to creditwatch.yml (documented by the vendor, as of 2026-11-30). Restart Creditwatch to poll it.',
  );
});
