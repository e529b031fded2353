import { expect, test } from 'vitest';
import {
  aboutToDeleteText,
  deletedText,
  DELETION_NEEDS_YES,
  forgottenText,
  notAPersonText,
  NOTHING_DELETED,
  typeToDeleteText,
} from '../../../src/messages/replies/stored-data.ts';

test.each([
  [
    aboutToDeleteText('north', { meter: 1, reading: 2, alert: 0 }),
    'Account north holds: 1 meter, 2 readings. Deleting it cannot be undone.',
  ],
  [DELETION_NEEDS_YES, 'Nothing was deleted. To delete it, add --yes.'],
  [typeToDeleteText('north'), 'Type north to delete it: '],
  [NOTHING_DELETED, 'Nothing was deleted.'],
  [notAPersonText('a b'), '"a b" is not the ID of a person.'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});

test('a deleted account that creditwatch.yml still has exists again, empty', () => {
  expect(deletedText('north', {}, false)).toEqual(['Account north is deleted, with nothing.']);
  expect(deletedText('north', { meter: 2 }, true)).toEqual([
    'Account north is deleted, with 2 meters.',
    'creditwatch.yml still has this account, so it exists again, empty. To end polls and pushes for it, remove it from creditwatch.yml and restart. If its ingest key was generated, the key is deleted too; the next start makes a new one.',
  ]);
});

test('a forgotten person is in no record, but posted messages remain', () => {
  expect(forgottenText('U0ANNA', {}, false)).toEqual(['Nothing is stored about U0ANNA.']);
  expect(forgottenText('U0ANNA', { audit: 1 }, true)).toEqual([
    'U0ANNA is no longer in any record. Changed or deleted: 1 audit entry.',
    'creditwatch.yml still names U0ANNA. Remove it there, or the next start stores it again.',
    'Posted messages remain. Delete them on the platform.',
  ]);
});
