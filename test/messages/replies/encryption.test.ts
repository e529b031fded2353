import { expect, test } from 'vitest';
import { encryptionState } from '../../../src/messages/replies/encryption.ts';

const NONE = { current: 0, previous: 0, unreadable: 0 };

test.each([
  [
    encryptionState({ ...NONE, unreadable: 1 }, { from: 'environment', hasPrevious: true }),
    'bad',
    '1 stored secret cannot be decrypted with ENCRYPTION_KEY or ENCRYPTION_KEY_PREVIOUS. Put back the key that the database was used with, or replace the secret: for an ingest key, npx creditwatch key rotate --now; for the token of a chat platform, install the app there again.',
  ],
  [
    encryptionState({ ...NONE, previous: 2 }, { from: 'folder', hasPrevious: true }),
    'off',
    '2 stored secrets are still encrypted with encryption.key.previous. Keep it, and run: npx creditwatch encryption rotate',
  ],
  [encryptionState(NONE, { from: 'folder', hasPrevious: false }), 'ok', 'there are no stored secrets'],
  [
    encryptionState({ ...NONE, current: 1 }, { from: 'environment', hasPrevious: true }),
    'ok',
    '1 stored secret, encrypted with ENCRYPTION_KEY; ENCRYPTION_KEY_PREVIOUS can be removed once every process runs with this ENCRYPTION_KEY',
  ],
])('%j', ({ state, says }, expectedState, expected) => {
  expect([state, says]).toEqual([expectedState, expected]);
});
