import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript, shells } from '../../src/cli/completion.ts';
import { importChanges, type Figures } from '../../src/cli/import-changes.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { commandLine, programOf } from '../support/cli.ts';

/** Types a call, without anything around it. */
const typed = (...args: readonly string[]) => commandLine({ dataDir: '/nowhere' }).run(args);

test('says its version', async () => {
  for (const flag of ['--version', '-V']) expect(await typed(flag)).toEqual({ out: '0.1.0\n', err: '', code: 0 });
});

test.each(programOf().commands.map((command) => command.name()))('%s --help shows how it is typed', async (name) => {
  expect((await typed(name, '--help')).out).toMatch(new RegExp(`\nExamples:\n  .*npx creditwatch ${name}`));
});

test.each([
  [['ussage'], '(Did you mean usage?)'],
  [['usage', '--acount', 'a'], '(Did you mean --account?)'],
  [['export', '--sinse', '30d'], '(Did you mean --since?)'],
  [['doctor', '--jsn'], '(Did you mean --json?)'],
  [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish.'],
])('a slip in %j is asked about', async (args, says) => {
  expect((await typed(...args)).err).toContain(says);
});

const commands = [
  {
    name: 'usage',
    description: "what '/usage' answers: here",
    options: ['--json', '--help'],
    words: ['check', 'history'],
    takesFiles: false,
  },
  { name: 'import', description: 'take readings', options: ['--source', '-o'], words: [], takesFiles: true },
];

test('bash completes commands, then the options and words of one', () => {
  const complete = (...words: readonly string[]) => {
    const script = `${completionScript('bash', 'creditwatch', commands)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${String(words.length - 1)}; _creditwatch; echo "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim();
  };
  expect(complete('creditwatch', 'u')).toBe('usage');
  expect(complete('creditwatch', '')).toBe('usage import --help --version');
  expect(complete('creditwatch', 'usage', '--j')).toBe('--json');
  expect(complete('creditwatch', 'usage', 'h')).toBe('history');
});

test.each(shells)('the script of %s names every command and option', (shell) => {
  const script = completionScript(shell, 'creditwatch', commands);
  for (const word of ['usage', 'import', 'json', 'source', 'history']) expect(script).toContain(word);
  // Nothing ends a quoted description early.
  expect(script).not.toContain("'/usage'");
});

const one = (meter: string, used: number | string, more: Partial<Figures[number]> = {}): Figures[number] => ({
  source: 'abmatic',
  meter,
  label: meter,
  used,
  total: 1_000_000,
  observedAt: '2026-11-01T00:00:00Z',
  ...more,
});
const later = { observedAt: '2026-11-02T00:00:00Z' };

test('an import says what changed, what fell, and which meters of its source were not in it', () => {
  const before = [one('a', 1614), one('b', 900), one('c', 5), one('d', 7, { source: 'crm' })];
  const after = [
    one('a', 1700, later),
    one('b', 12, later),
    one('c', 5),
    one('d', 7, { source: 'crm' }),
    one('e', '9007199254740993', { ...later, total: null }),
  ];
  const [a, b] = before;
  const [newA, newB, , , newE] = after;
  expect(importChanges(before, after, 'abmatic')).toEqual({
    changed: [
      { label: 'a', before: a, after: newA },
      { label: 'b', before: b, after: newB },
      { label: 'e', before: null, after: newE },
    ],
    fell: [{ label: 'b', from: 900, to: 12 }],
    missing: ['c'],
  });
  expect(importChanges(before, before, 'abmatic')).toEqual({ changed: [], fell: [], missing: [] });
});

test('a bar is drawn over itself and taken away in a terminal, and never written to a pipe', () => {
  const written = (isTTY: boolean) => {
    let text = '';
    const progress = createProgress({ isTTY, write: (more: string) => (text += more) }, 'Importing a.csv', 200);
    progress.at(0);
    progress.at(100);
    progress.at(100);
    progress.at(900);
    progress.end();
    return text;
  };
  expect(written(false)).toBe('');
  expect(written(true).split('\r')).toEqual([
    '',
    'Importing a.csv ░░░░░░░░░░░░░░░░░░░░ 0%',
    'Importing a.csv ██████████░░░░░░░░░░ 50%',
    'Importing a.csv ████████████████████ 100%',
    ' '.repeat(41),
    '',
  ]);
});
