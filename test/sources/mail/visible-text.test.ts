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
])('what is not shown changes no figure: %s', (_name, html) => {
  expect(visibleText(html).replaceAll('\n', '')).toBe('81%');
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
])('a hostile mail takes no more than a moment: %s', async (_name, type, body) => {
  expect(await leastCpuMs(1_000, () => read(type, body))).toBeLessThan(1_000);
});
