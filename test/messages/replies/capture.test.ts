import { expect, test } from 'vitest';
import { captureKeyMessage, captureKeyText, mistypedSource, mistypedSourceText } from '../../../src/messages/replies/capture.ts';
import { printed } from '../credits.ts';

const MADE = {
  key: 'cwp_x',
  name: 'capture-1a2b3c4d',
  link: 'https://credits.example/capture#key=cwp_x',
  sources: ['abmatic'],
  newSources: [],
};

test('a new capture key is shown with its pairing link, where to open it, and how to revoke both', () => {
  expect(captureKeyText(MADE)).toBe(
    [
      'Capture key capture-1a2b3c4d for abmatic: cwp_x',
      'Pairing link: https://credits.example/capture#key=cwp_x',
      '  Open it in the browser in which you are signed in at the vendor: it sets up the extension or the bookmark.',
      '  Both are secret and shown only now. To revoke them: npx creditwatch capture --revoke capture-1a2b3c4d',
    ].join('\n'),
  );
  expect(printed(captureKeyMessage(MADE))).toBe(
    [
      'Pairing link for Abmatic AI, shown only now:',
      'https://credits.example/capture#key=cwp_x',
      'Open it in the browser in which you are signed in at the vendor: it sets up the extension or the bookmark.',
      'The capture key in it is cwp_x. It can only send pages of abmatic, and reads nothing.',
      'To revoke it: npx creditwatch capture --revoke capture-1a2b3c4d',
    ].join('\n'),
  );
});

test.each([
  [
    'http://127.0.0.1:3000',
    'The link works only in a browser on the machine that runs Creditwatch. For other machines, set PUBLIC_URL to the https address of Creditwatch, restart it, and make a new key.',
  ],
  [
    'http://10.0.0.5:3000',
    'The extension accepts only https. To use it, set PUBLIC_URL to the https address of Creditwatch, restart it, and make a new key. The bookmark works with this link.',
  ],
])('a link to %s is shown with where it works and which setting to set', (address, line) => {
  const made = { ...MADE, link: `${address}/capture#key=cwp_x` };
  expect(captureKeyText(made)).toContain(`\n  ${line}\n`);
  expect(printed(captureKeyMessage(made))).toContain(`\n${line}\n`);
});

test('a source of which nothing is known is named as new, and one that looks like another is asked about', () => {
  expect(captureKeyText({ ...MADE, sources: ['crm'], newSources: ['crm'] })).toContain(
    '  crm is a new source: there are no figures yet, no entry in creditwatch.yml, and no known vendor of that name.\n',
  );
  const mistyped = { source: 'abmtic', nearest: 'abmatic' };
  expect(mistypedSourceText(mistyped)).toBe(
    'No source is named "abmtic". Did you mean abmatic? If it is a new one: npx creditwatch capture --new abmtic',
  );
  const message = mistypedSource({ ...mistyped, sources: ['abmtic', 'crm'], invokedAs: '/usage' });
  expect(printed(message)).toMatch(
    /^No source is named "abmtic"\. Did you mean abmatic\?\nIf it is a new one: \/usage capture --new abmtic, crm\b/,
  );
  expect(message.buttons).toMatchObject([{ action: 'show', value: 'capture abmatic, crm' }]);
});
