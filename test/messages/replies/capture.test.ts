import { expect, test } from 'vitest';
import { captureKeyMessage, captureKeyText } from '../../../src/messages/replies/capture.ts';
import { printed } from '../credits.ts';

const MADE = { key: 'cwp_x', name: 'capture-1a2b3c4d', link: 'https://credits.example/capture#key=cwp_x', sources: ['abmatic'] };

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
