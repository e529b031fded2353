import { describe, expect, test } from 'vitest';
import { readMail } from '../../../src/sources/mail/read-mail.ts';
import { visibleText } from '../../../src/sources/mail/visible-text.ts';
import { leastCpuMs } from '../../support/cpu-time.ts';
import { DKIM_PASS, plainMail, RECEIVED, resolveTxt, RULES } from '../../support/mail.ts';

async function read(type: string, body: string) {
  const mail = DKIM_PASS + plainMail({ text: '' }).replace('text/plain; charset=utf-8', type) + body;
  const result = await readMail(Buffer.from(mail), RECEIVED, RULES, { authserv: 'mx.customer.example', resolveTxt });
  return result.ok ? result.value.reading : result.error.code;
}

async function readSubject(subject: string) {
  const mail = DKIM_PASS + plainMail({ subject, text: 'Hello!' });
  const result = await readMail(Buffer.from(mail), RECEIVED, RULES, { authserv: 'mx.customer.example', resolveTxt });
  return result.ok ? result.value.reading : result.error.code;
}

test('only what a reader sees of an HTML mail is read', () => {
  const html = `<head><title>no</title><style>.a{color:red} .hide { DISPLAY : none } </style></head><body>
    <span style="display:none !important">no</span><div hidden>no</div><p class="preheader">no</p><p class="hide">no</p>
    <p style="font-size:0px">no</p><p style="max-height:0;overflow:hidden">no<b>no</b></p><script>no</script>
    <p>y\u200Bes<br>yes&nbsp;yes</p><p style="font-size: 10px; opacity:0.9">yes</p></body>`;
  expect(visibleText(html)).toBe('yes\nyes yes\nyes');
});

test.each([
  ['hidden', '8<span hidden>0</span>1%'],
  ['display', '8<span style="Display: None">0</span>1%'],
  ['visibility', '8<span style="visibility:hidden">0</span>1%'],
  ['font-size', '8<span style="font-size:0">0</span>1%'],
  ['font', '8<span style="font:0/0 a">0</span>1%'],
  ['a comment', '8<!-- 0 -->1%'],
  ['a template', '8<template>0</template>1%'],
  ['a style', '8<style>0</style>1%'],
  ['crossed out', '8<s>0</s><del>0</del><strike>0</strike>1%'],
  ['quoted', '8<blockquote>0</blockquote>1%'],
])('what is not shown changes no figure: %s', (_name, html) => {
  expect(visibleText(html).replaceAll('\n', '')).toBe('81%');
});

describe('what a reader sees is read, though something around it looks hidden', () => {
  test.each([
    ['a wrapper of size 0, whose child sets a size', '<td style="font-size:0px"><div style="font-size:13px">80%</div></td>', '80%'],
    ['a wrapper of size 0, whose child sets a font', '<td style="font-size:0"><p style="font: bold 14px/1.5 Arial">80%</p></td>', '80%'],
    ['a line of height 0, whose child sets a height', '<td style="line-height:0"><p style="line-height:24px">80%</p></td>', '80%'],
    ['a line of height 0, whose child sets a size', '<td style="font-size:0;line-height:0"><p style="font-size:1rem">80%</p></td>', '80%'],
    ['a size of 0 that a later declaration sets again', '<p style="font-size:0;font-size:16px">80%</p>', '80%'],
    ['a class that only has "hidden" in its name', '<div class="overflow-hidden">80%</div>', '80%'],
    [
      'a class that hides on some screens',
      '<style>@media (max-width:480px){.desktop{display:none!important}}</style><p class="desktop">80%</p>',
      '80%',
    ],
    ['a class that hides in one mail program', '<style>u + .body .x{display:none}</style><p class="x">80%</p>', '80%'],
    ['a class of another kind of element', '<style>td.x{display:none}</style><p class="x">80%</p>', '80%'],
    ['a class that an element overrides', '<style>.x{display:none}</style><p class="x" style="display:block">80%</p>', '80%'],
    ['a size of 0, whose child sets a share of it', '<td style="font-size:0"><p style="font-size:100%">80%</p></td>', ''],
    ['a size of 0, whose child sets a height of line', '<td style="font-size:0"><p style="line-height:20px">80%</p></td>', ''],
    [
      'a class that hides beside others',
      '<style>/* {} */ @import url(a); .y, td.x, .z {color:red; DISPLAY:none}</style><td class="x">80%</td>',
      '',
    ],
    [
      'a class that hides, behind a rule for some screens',
      '<style>@media print{.a{color:red}} .x{display:none}</style><p class="x">80%</p>',
      '',
    ],
    ['an important class', '<style>.x{display:none !important}</style><p class="x" style="display:block">80%</p>', ''],
  ])('%s', (_name, html, expected) => {
    expect(visibleText(html)).toBe(expected);
  });

  test('a notice in the way of a common mail template', async () => {
    expect(
      await read(
        'text/html',
        `<!doctype html><html><head><style>#outlook a { padding:0; } p { display:block; }
@media only screen and (min-width:480px) { .mj-column-per-100 { width:100% !important; } .hide { display:none; } }</style>
<style>.moz-text-html .mj-column-per-100 { width:0; }</style></head>
<body style="word-spacing:normal;"><div style="display:none;font-size:1px;line-height:1px;max-height:0px;">You have used 10% of your credits.</div>
<table><tbody><tr><td class="hide" style="direction:ltr;font-size:0px;padding:20px 0;text-align:center;">
<div class="mj-column-per-100 mj-outlook-group-fix" style="font-size:0px;text-align:left;display:inline-block;width:100%;"><table><tbody><tr>
<td align="left" style="font-size:0px;padding:10px 25px;word-break:break-word;"><div style="font-family:Arial;font-size:13px;line-height:1;">You have used 80% of your credits.</div></td>
</tr></tbody></table></div></td></tr></tbody></table></body></html>`,
      ),
    ).toMatchObject({ share: '80' });
  });
});

test('raised and lowered digits are not digits of the figure beside them', async () => {
  expect(visibleText('10<sup>2</sup> 10<sup><b>2</b></sup> 10<sub>2</sub> 80<sup>%</sup> Acme<sup>TM</sup> 5')).toBe(
    '10^2 10^2 10_2 80% AcmeTM 5',
  );
  expect(await read('text/html', '<p>You have used 10<sup>2</sup> of your credits.</p>')).toBe('not-understood');
});

describe('a mail that is too long to be read as a whole is refused, and not read in part', () => {
  const said = 'You have used 80% of your credits. ';
  const html = (text: string) => read('text/html', `<p>${said}</p>${text}`);
  test.each<[string, () => Promise<unknown>, unknown]>([
    ['much HTML', () => html(`<!--${' '.repeat(250 * 1024)}-->`), expect.objectContaining({ share: '80' })],
    ['too much HTML', () => html(`<!--${' '.repeat(256 * 1024)}-->`), 'too-long'],
    ['much text in HTML', () => html('a'.repeat(65 * 1024)), 'too-long'],
    ['much plain text', () => read('text/plain', said + 'a '.repeat(33 * 1024)), 'too-long'],
    ['a long subject', () => readSubject(`${said}${'a '.repeat(250)}`), 'too-long'],
    ['many lines', () => read('text/plain', `${said}${'\r\n'.repeat(20_001)}`), 'too-many-parts'],
    ['many parts', () => read('multipart/mixed; boundary=b', `--b\r\n\r\n${said}\r\n`.repeat(41)), 'too-many-parts'],
    ['many attachments', () => read('multipart/mixed; boundary=b', `--b\r\nContent-Type: a/b\r\n\r\na\r\n`.repeat(41)), 'too-many-parts'],
    ['deep HTML', () => html('<div>'.repeat(600)), 'not-a-mail'],
    [
      'deep parts',
      () =>
        read(
          'multipart/mixed; boundary=b',
          Array.from(
            { length: 10 },
            (_, nth) => `--b${String(nth || '')}\r\nContent-Type: multipart/mixed; boundary=b${String(nth + 1)}\r\n\r\n`,
          ).join(''),
        ),
      'not-a-mail',
    ],
  ])('%s', async (_name, result, expected) => {
    expect(await result()).toEqual(expected);
  });
});

test('each part is read once, as HTML if it has that', async () => {
  const part = (type: string, text: string, boundary = 'b') => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
  const alternative = `--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n${part('text/plain', 'You have used 70% of your credits.', 'c')}${part('text/html', '<p>You have used 80% of your credits.</p>', 'c')}--c--\r\n`;
  expect(await read('multipart/mixed; boundary=b', `${alternative}${part('text/plain', 'Bye')}--b--`)).toMatchObject({ share: '80' });
  expect(await read('multipart/mixed; boundary=b', `${alternative}${part('text/plain', 'You have used 90% of your credits.')}--b--`)).toBe(
    'not-understood',
  );
});

test.each<[string, string, string]>([
  ['tags that close nothing', 'text/html', `${'<b>'.repeat(400)}${'</i>'.repeat(60_000)}`],
  ['links that do not end', 'text/html', '<a href="'.repeat(28_000)],
  [
    'links that do not end, beside plain text',
    'multipart/mixed; boundary=b',
    `--b\r\nContent-Type: text/html\r\n\r\n${'<a href="'.repeat(28_000)}\r\n--b\r\n\r\nx\r\n--b--`,
  ],
  ['a million lines', 'text/plain', '\r\n'.repeat(500_000)],
  ['parts without a text', 'multipart/mixed; boundary=b', '--b\r\n'.repeat(200_000)],
  ['paragraphs', 'text/html', '<p>'.repeat(80_000)],
  ['comments in a style that do not end', 'text/html', `<style>${'/*'.repeat(120_000)}</style>`],
  ['rules that do not end', 'text/html', `<style>${'.a{'.repeat(80_000)}</style>`],
  ['many classes', 'text/html', `<style>.a{${'display:block;'.repeat(140)}}</style>${'<p class="a a a a a a a a a">'.repeat(8_000)}`],
  ['many selectors', 'text/html', `<style>${'.a,'.repeat(80_000)}{display:none}</style>`],
])('a hostile mail takes no more than a moment: %s', async (_name, type, body) => {
  expect(await leastCpuMs(1_000, () => read(type, body))).toBeLessThan(1_000);
});
