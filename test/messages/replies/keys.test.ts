import { expect, test } from 'vitest';
import {
  earlierKeyText,
  keyChangedElsewhereText,
  keyText,
  keyTitle,
  nameAccountText,
  NEW_KEY,
  NO_KEY_YET,
  noKeyToRotateText,
  NOW_NEEDS_ROTATE,
  replaceUnreadableText,
  retiredText,
  unreadableKeyText,
} from '../../../src/messages/replies/keys.ts';

const shown = { account: 'south', source: null, from: 'database', until: null };
const until = new Date('2026-12-06T23:40:00Z');

test.each([
  [keyText(NEW_KEY, 'cw_1', 'whsec_1'), 'New ingest key: cw_1\n  as a webhook secret: whsec_1'],
  [keyTitle(shown, false), 'Ingest key'],
  [keyTitle(shown, true), 'Ingest key of south'],
  [keyTitle({ ...shown, source: 'abmatic', from: 'creditwatch.yml' }, false), 'Ingest key for the source abmatic, from creditwatch.yml'],
  [keyTitle({ ...shown, from: 'INGEST_KEY' }, false), 'Ingest key, from INGEST_KEY'],
  [keyTitle({ ...shown, until }, true), 'Earlier key of south, replaced, works until 2026-12-06 23:40 UTC'],
  [NO_KEY_YET, 'There is no ingest key yet. The next start makes one.'],
  [noKeyToRotateText('south'), 'south has no key yet. The next start makes one.'],
  [NOW_NEEDS_ROTATE, '--now works only with rotate: npx creditwatch key rotate --now'],
  [nameAccountText(['north', 'south']), 'Name the account with --account: north, south.'],
  [
    keyChangedElsewhereText('south', 'environment'),
    'The ingest key of south comes from INGEST_KEY, and is changed there. To change it without a gap, list the new key and the old one under ingestKeys in creditwatch.yml and restart. Remove the old one once every sender has the new one.',
  ],
  [
    replaceUnreadableText(unreadableKeyText('wrong-key', 'Put the key back.')),
    'The stored ingest key cannot be read: it was encrypted with another key. Put the key back. To make a new key anyway: npx creditwatch key rotate --now',
  ],
  [earlierKeyText(null), 'Earlier keys no longer work.'],
  [
    earlierKeyText(until),
    'The previous key works until 2026-12-06 23:40 UTC. Once every sender has the new key, you can end it sooner: npx creditwatch key retire',
  ],
  [retiredText(0), 'There is no earlier key. Only the current key works.'],
  [retiredText(1), '1 earlier key no longer works. The current key is unchanged.'],
  [retiredText(2), '2 earlier keys no longer work. The current key is unchanged.'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
