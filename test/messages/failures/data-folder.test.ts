import { expect, test } from 'vitest';
import { dataFolderText, putKeyBackText } from '../../../src/messages/failures/data-folder.ts';

const path = '/data/encryption.key';
const foreign = { kind: 'foreign', dataDir: '/data', uid: 1001 } as const;
const asThatUser = "Run the command as that user (sudo -u '#1001' npx creditwatch …), or set DATA_DIR to a folder of root's.";

test.each([
  [{ kind: 'disk-full', dataDir: '/data' } as const, 'The disk that holds /data is full. Free some space, then start again.'],
  [
    { kind: 'not-writable', dataDir: '/data' } as const,
    '/data cannot be written to. Make it writable for this user, or set DATA_DIR to a folder that is.',
  ],
  [
    { kind: 'unsafe-file', path, is: 'not-plain' } as const,
    `${path} is a link, or not a regular file, so Creditwatch does not use it. Remove it, and find out who created it.`,
  ],
  [
    { kind: 'unsafe-file', path, is: 'of-other-user' } as const,
    `${path} is a file of another user, so Creditwatch does not use it. Remove it, and find out who created it.`,
  ],
  [{ ...foreign, unreadable: null }, `/data is in a folder of another user (id 1001), in which root does not write. ${asThatUser}`],
  [
    { ...foreign, unreadable: '/root/dist' },
    `/data is in a folder of another user (id 1001), in which root does not write. That user cannot read the program in /root/dist. ${asThatUser}`,
  ],
  [{ kind: 'key-missing', path } as const, `${path} is gone. Put it back from your backup.`],
  [
    { kind: 'key-damaged', path } as const,
    `${path} does not hold a key of 32 bytes. Restore it from your backup: without it, stored secrets cannot be read.`,
  ],
  [{ kind: 'failed', path, said: 'EIO: i/o error' } as const, `${path}: EIO: i/o error`],
])('%j is worded with the next step', (failure, text) => {
  expect(dataFolderText(failure)).toBe(text);
});

test.each([
  [null, 'Put back the encryption.key of the data folder that this database was used with.'],
  [Buffer.alloc(32), 'Put back the ENCRYPTION_KEY that this database was used with.'],
])('the remedy for another key names where it comes from', (encryptionKey, text) => {
  expect(putKeyBackText({ encryptionKey })).toBe(text);
});
