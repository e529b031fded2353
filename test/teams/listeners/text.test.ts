import { describe, expect, test } from 'vitest';
import { asCommand, typedText } from '../../../src/teams/listeners/text.ts';
import { leastCpuMs } from '../../support/cpu-time.ts';

const BOT = { id: '28:bot', name: 'Credit Watch' };
const TOM = { id: '29:tom', name: 'Tom' };
const mention = (text: string, mentioned: { id: string; name: string } = BOT) => ({ type: 'mention', text, mentioned });

type Sent = { text: string | null; entities?: unknown[]; attachments?: unknown[] };
const html = (content: string) => ({ contentType: 'text/html', content });
const REPLY =
  '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1783419459151">\n' +
  '<strong itemprop="mri" itemid="8:orgid:548ef459">Tom Tester</strong><span itemprop="time" itemid="1783419459151"></span>\n' +
  '<p itemprop="preview">how is campaigns</p>\n</blockquote>';

const SENT: readonly (readonly [string, Sent, string])[] = [
  ['a mention', { text: '<at>Credit Watch</at> usage', entities: [mention('<at>Credit Watch</at>')] }, 'usage'],
  [
    'capitals and a non-breaking space',
    { text: '<at>Credit Watch</at>&nbsp;USAGE&nbsp;', entities: [mention('<at>Credit Watch</at>')] },
    'USAGE',
  ],
  ['a mention without its entity, in other capitals', { text: '<at>CREDIT watch</at> usage' }, 'usage'],
  ['a mention with an id', { text: '<at id="0">Credit Watch</at> usage' }, 'usage'],
  [
    'a name that is split in two mentions',
    { text: '<at>Credit</at> <at>Watch</at> usage apollo', entities: [mention('<at>Credit</at>'), mention('<at>Watch</at>')] },
    'usage apollo',
  ],
  ['a mention at the end', { text: 'usage <at>Credit Watch</at>\n', entities: [mention('<at>Credit Watch</at>')] }, 'usage'],
  ['the name typed in front', { text: 'Credit Watch usage' }, 'usage'],
  ['the name typed with an at sign', { text: '@credit watch usage' }, 'usage'],
  ['the name of the app package, though it was renamed', { text: '@Creditwatch, usage apollo' }, 'usage apollo'],
  ['the name typed with a colon', { text: 'CREDITWATCH: apollo' }, 'apollo'],
  ['the name alone', { text: '@Creditwatch' }, ''],
  ['a word that only begins like the name', { text: 'creditwatchers' }, 'creditwatchers'],
  ['a mention that is no tag', { text: '@Watch usage', entities: [mention('@Watch', { id: '28:bot', name: 'Watch' })] }, 'usage'],
  [
    'somebody else beside the bot',
    {
      text: '<at>Credit Watch</at> request apollo <at>Tom</at>',
      entities: [mention('<at>Credit Watch</at>'), mention('<at>Tom</at>', TOM)],
    },
    'request apollo',
  ],
  ['somebody else first', { text: '<at>Tom</at> <at>Credit Watch</at> apollo', entities: [mention('<at>Tom</at>', TOM)] }, 'apollo'],
  ['a reply', { text: '<quoted messageId="1783419459151"/><at>Credit Watch</at> apollo' }, 'apollo'],
  ['a reply that quotes', { text: '<quoted messageId="1">how is campaigns</quoted>apollo' }, 'apollo'],
  ['a reply as HTML', { text: `${REPLY}<p>apollo</p>` }, 'apollo'],
  ['a reply within a reply', { text: `<blockquote itemtype="http://schema.skype.com/Reply">a${REPLY}b</blockquote>apollo` }, 'apollo'],
  [
    'a reply whose quote stands in the text, as older clients send it',
    {
      text: 'Tom Tester\r\nhow is campaigns\r\n\r\n<at>Credit Watch</at> usage apollo',
      attachments: [
        html(
          `${REPLY}\n<p><span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">Credit Watch</span>&nbsp;usage <b>apollo</b></p>`,
        ),
      ],
    },
    'usage apollo',
  ],
  ['a quote in Markdown', { text: '&gt; how is campaigns\n\napollo' }, 'apollo'],
  ['a quote that is all there is', { text: '> apollo' }, '> apollo'],
  ['a quote that is never closed', { text: '<blockquote itemtype="http://schema.skype.com/Reply">apollo' }, 'apollo'],
  [
    'an attachment',
    { text: '<attachment id="d7ddbf876ae340c3"></attachment>apollo', attachments: [{ contentType: 'reference' }] },
    'apollo',
  ],
  ['the HTML beside the text', { text: 'usage apollo', attachments: [html('<div><p>usage <b>apollo</b></p></div>')] }, 'usage apollo'],
  ['paragraphs of a rich text', { text: '<p>usage</p><div>apollo<br/>contacts</div>' }, 'usage apollo contacts'],
  ['bold', { text: '<b>us</b>age <strong>apollo</strong>' }, 'usage apollo'],
  ['code', { text: '<pre><code>usage apollo</code></pre>' }, 'usage apollo'],
  ['stars', { text: '**usage** *apollo*' }, 'usage apollo'],
  ['stars and underscores', { text: '**_usage_** __apollo__' }, 'usage apollo'],
  ['underscores within a name', { text: '_usage_ open_ai' }, 'usage open_ai'],
  ['an underscore that was escaped', { text: 'usage open\\_ai' }, 'usage open_ai'],
  ['strokes and code marks', { text: '~~usage~~ `open_ai`' }, 'usage open_ai'],
  ['a block of code', { text: '```\nusage apollo\n```' }, 'usage apollo'],
  ['a heading', { text: '## usage' }, 'usage'],
  ['a bullet', { text: '- usage' }, 'usage'],
  ['a link that Teams made', { text: 'usage [open.ai](http://open.ai)' }, 'usage open.ai'],
  ['escaped characters', { text: 'usage a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; &unknown;' }, 'usage a <b> & "c" \'d\' &unknown;'],
  ['character references of every kind', { text: '&#117;s&#x61;ge&#160;apollo&hellip;' }, 'usage apollo…'],
  ['a real non-breaking and a zero-width space', { text: 'usage\u00A0apollo\u200B' }, 'usage apollo'],
  ['marks of direction', { text: '\u200E\u202Ausage\u202C \u2066apollo\u2069\u200F' }, 'usage apollo'],
  ['soft hyphens, joiners and marks of order', { text: '\uFEFFus\u00ADage ap\u2060ollo\u200D \u061C\u{E0001}' }, 'usage apollo'],
  ['a comparison', { text: 'a < b > c' }, 'a < b > c'],
  ['no text at all', { text: null }, ''],
  ['broken entities', { text: 'usage', entities: [null, 5, { type: 'mention' }] }, 'usage'],
  ['broken attachments', { text: 'usage', attachments: [null, 5, { contentType: 'text/html', content: 5 }] }, 'usage'],
];

test.each(SENT)('reads %s', (_what, activity, expected) => {
  expect(typedText({ entities: null, recipient: BOT, ...activity })).toBe(expected);
});

/** Every character that Unicode calls a format character, of the planes that hold any. */
const FORMAT_CHARACTERS = Array.from({ length: 0xe0080 }, (_, code) => code)
  .filter((code) => (code < 0xd800 || code > 0xdfff) && /\p{Cf}/u.test(String.fromCodePoint(code)))
  .map((code) => String.fromCodePoint(code));

test('every format character is taken away, wherever it stands', () => {
  expect(FORMAT_CHARACTERS.length).toBeGreaterThan(100);
  for (const one of FORMAT_CHARACTERS)
    expect(typedText({ text: `${one}<at>Credit Watch</at>${one} us${one}age${one}`, entities: null, recipient: BOT })).toBe('usage');
});

describe('a message that was made to be slow', () => {
  const MANY = 1_000_000;
  test.each([
    ['opening tags', '<at>'.repeat(MANY / 4)],
    ['opening and closing tags', '<b>'.repeat(MANY / 6) + '</i>'.repeat(MANY / 6)],
    ['angle brackets', '<'.repeat(MANY)],
    ['underscores', `${'_'.repeat(MANY)}a`],
    ['stars with spaces', '* '.repeat(MANY / 2)],
    ['brackets', '['.repeat(MANY)],
    ['ampersands', '&'.repeat(MANY)],
    ['line breaks', '\n'.repeat(MANY)],
    ['spaces', `a${' '.repeat(MANY)}b`],
    ['quotes', '<blockquote itemtype="http://schema.skype.com/Reply">'.repeat(MANY / 50)],
  ])('of %s is read in linear time', async (_what, text) => {
    const entities = Array.from({ length: 5000 }, () => mention('a'));
    const attachments = Array.from({ length: 5 }, () => html(text));
    // A single step too many for each pair of characters would take minutes.
    expect(await leastCpuMs(2_000, () => typedText({ text, entities, attachments, recipient: BOT }))).toBeLessThan(2_000);
  });
});

test.each([
  ['usage', ''],
  ['/usage', ''],
  ['USAGE', ''],
  ['usage?', ''],
  ['usage: apollo', 'apollo'],
  ['', ''],
  ['usage apollo', 'apollo'],
  ['/usage check campaigns 50k', 'check campaigns 50k'],
  ['apollo', 'apollo'],
  ['/help', 'help'],
  ['usage /help', 'help'],
  ['usages', 'usages'],
  ['open_ai usage', 'open_ai usage'],
])('takes "%s" for "%s"', (text, expected) => expect(asCommand(text)).toBe(expected));
