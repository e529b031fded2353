import { expect, test } from 'vitest';
import { asCommand, typedText } from '../../src/teams/text.ts';

const BOT = { id: '28:bot', name: 'Credit Watch' };
const mention = (text: string, mentioned: { id: string; name: string } = BOT) => ({ type: 'mention', text, mentioned });

test.each<[string, { text: string | null; entities?: unknown[] }, string]>([
  ['a mention', { text: '<at>Credit Watch</at> usage', entities: [mention('<at>Credit Watch</at>')] }, 'usage'],
  [
    'capitals and a non-breaking space',
    { text: '<at>Credit Watch</at>&nbsp;USAGE&nbsp;', entities: [mention('<at>Credit Watch</at>')] },
    'USAGE',
  ],
  [
    'a name that is split in two mentions',
    { text: '<at>Credit</at> <at>Watch</at> usage apollo', entities: [mention('<at>Credit</at>'), mention('<at>Watch</at>')] },
    'usage apollo',
  ],
  ['a mention at the end', { text: 'usage <at>Credit Watch</at>\n', entities: [mention('<at>Credit Watch</at>')] }, 'usage'],
  [
    'somebody else beside the bot',
    {
      text: '<at>Credit Watch</at> request apollo <at>Tom</at>',
      entities: [mention('<at>Credit Watch</at>'), mention('<at>Tom</at>', { id: '29:tom', name: 'Tom' })],
    },
    'request apollo Tom',
  ],
  ['paragraphs of a rich text', { text: '<p>usage</p><div>apollo<br/>contacts</div>' }, 'usage apollo contacts'],
  ['escaped characters', { text: 'usage a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; &unknown;' }, 'usage a <b> & "c" \'d\' &unknown;'],
  ['a real non-breaking and a zero-width space', { text: 'usage\u00A0apollo\u200B' }, 'usage apollo'],
  ['no text at all', { text: null }, ''],
  ['broken entities', { text: 'usage', entities: [null, 5, { type: 'mention' }] }, 'usage'],
])('reads %s', (_what, activity, expected) => {
  expect(typedText({ entities: null, recipient: BOT, ...activity })).toBe(expected);
});

test.each([
  ['usage', ''],
  ['/usage', ''],
  ['USAGE', ''],
  ['', ''],
  ['usage apollo', 'apollo'],
  ['/usage check campaigns 50k', 'check campaigns 50k'],
  ['apollo', 'apollo'],
  ['/help', 'help'],
  ['usages', 'usages'],
  ['open_ai usage', 'open_ai usage'],
])('takes "%s" for "%s"', (text, expected) => expect(asCommand(text)).toBe(expected));
