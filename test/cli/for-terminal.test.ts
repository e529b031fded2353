import { expect, test } from 'vitest';
import { forTerminal } from '../../src/cli/for-terminal.ts';
import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';

const ESCAPE = '\u001B';

test.each([
  ['a change of the window title', `a${ESCAPE}]0;owned\u0007b`, 'a�]0;owned�b'],
  ['a wiped line', `secret${ESCAPE}[2K\rshown`, 'secret�[2K�shown'],
  ['an answer that types itself', `${ESCAPE}[6n`, '�[6n'],
  ['an escape of one byte', '\u009B31mred', '�31mred'],
  ['a backspace', 'good\b\b\b\bevil', 'good����evil'],
  ['a link', `${ESCAPE}]8;;http://x.example${ESCAPE}\\text`, '�]8;;http://x.example�\\text'],
])('%s is shown and not obeyed', (_what, text, shown) => {
  expect(forTerminal(text)).toBe(shown);
});

test('line ends, tabs and the bold of a heading stay', () => {
  const text = `${ESCAPE}[1mCredits${ESCAPE}[22m\n\tApollo\r\n`;
  expect(forTerminal(text)).toBe(text);
});

test.each([
  ['a file that is imported', ['import', 'page.txt']],
  ['the configuration', ['doctor']],
  ['what was typed', [`usa${ESCAPE}]0;owned\u0007ge`]],
  ['a meter that is asked for', ['usage', `apo${ESCAPE}]0;owned\u0007llo`]],
])('of %s no escape sequence reaches the terminal', async (_what, args) => {
  const cli = commandLine({ dataDir: dataFolder() });
  cli.write('page.txt', `Apollo${ESCAPE}]0;owned\u0007 Contacts\n1,2,3 of 45 ${ESCAPE}[2J`);
  if (args[0] === 'doctor') cli.write('creditwatch.yml', `sou${ESCAPE}[2Jrces: [{ id: "a${ESCAPE}]0;owned\u0007" }]\n"k\\e[2J": 1\n`);
  const { out, err } = await cli.run(args);
  expect(out + err).not.toBe('');
  const shown = (out + err).replaceAll(`${ESCAPE}[1m`, '').replaceAll(`${ESCAPE}[22m`, '');
  expect(shown.match(/[^\P{Cc}\n\t]/gu)).toBeNull();
});
