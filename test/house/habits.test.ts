import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Lists the files of our code, by their path below src. */
function sources(folder = ''): readonly string[] {
  const files = readdirSync(SRC + folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}${file}`.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('postgres/generated/'));
  expect(files.length).toBeGreaterThan(10);
  return files;
}

/** Lists each line of our code that matches, as `file: line`. */
function linesWith(pattern: RegExp, folder = ''): readonly string[] {
  return sources(folder).flatMap((file) =>
    readFileSync(SRC + file, 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
}

function valueOf(exported: unknown, name: string): unknown {
  return typeof exported === 'object' && exported !== null ? Reflect.get(exported, name) : undefined;
}

/** Whether a text, or one in an object, is more than one word: the ids of fields and buttons are one. */
function isProse(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isProse);
  return typeof value === 'string' && value.trim().includes(' ');
}

test('the environment is read in one place, and passed to PostgreSQL in another', () => {
  const files = linesWith(/process\.env|= process;|from '(?:node:)?process'/).map((line) => line.split(':')[0]);
  expect(files).toEqual(['main.ts', 'postgres/embedded/run.ts']);
});

test('the core uses neither the clock nor random values', () => {
  expect(linesWith(/Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|setTimeout|setInterval/, 'core/')).toEqual([]);
});

test('there are no default exports and no branches for tests', () => {
  expect(linesWith(/^export default|NODE_ENV|VITEST/)).toEqual([]);
});

test('no signal that lives long collects an entry of each short one, nor a listener of each sleeper', () => {
  expect(linesWith(/AbortSignal\.any\(/)).toEqual([]);
  expect(linesWith(/\bsignal\.addEventListener\('abort'/).map((line) => line.split(':')[0])).toEqual([
    'async/on-abort.ts',
    'sources/http/evaluator.ts',
  ]);
});

/**
 * Where only words tell errors apart, because what fails gives no code (docs/decisions/0026-store-unavailable.md): pg, the programs of
 * PostgreSQL, undici's fetch, an older kind of Teams webhook.
 */
const WORDS_ALONE = new Set([
  'postgres/failure.ts',
  'postgres/embedded/failure.ts',
  'postgres/embedded/server.ts',
  'postgres/embedded/binaries.ts',
  'sources/http/fetch.ts',
  'teams/workflow/messenger.ts',
]);

/** These compare a text with the same one of last time, to say it once. What it says does not matter. */
const SAME_AS_LAST_TIME = new Set([
  'postgres/store/sql/destinations.ts: notified: row.disabledNotifiedReason === row.disabledReason,',
  "slack/receivers/socket-receiver.ts: log[reason === lastReason ? 'debug' : 'warn']({ reason }, 'Slack connection failed, retrying');",
]);

/** The names of values that hold a sentence: of an error that was thrown, or of a reason that was stored. A code has no spaces. */
const SENTENCE = String.raw`(?:\w*[rR]eason|lastError|remedy)`;
const METHODS = '(?:includes|startsWith|endsWith|match|search|indexOf)';

const DECISIONS_ON_TEXTS = [
  new RegExp(String.raw`\bmessage\)?\??\.${METHODS}\(`),
  /\bmessage [!=]==? (?!'string')/,
  /\.(?:test|exec)\((?:[\w.]+\.)?(?:message|said|output|body|stderr)\)/,
  new RegExp(String.raw`\b(?:said|output|body|stderr)\.${METHODS}\(`),
  /rootMessage\(.*\)\.|\.test\(rootMessage\(/,
  new RegExp(String.raw`\b${SENTENCE}\)?\??\.${METHODS}\(`),
  new RegExp(String.raw`\.(?:includes|has|get|indexOf|test|exec)\((?:\w+\??\.)*${SENTENCE}\b`),
  new RegExp(String.raw`\b${SENTENCE} [!=]==? (?!null|undefined|'[\w-]*')`),
  new RegExp(String.raw`[!=]==? (?:\w+\??\.)*${SENTENCE}\b`),
  /(?:\bcase|[!=]==?) '(?:[^' ]+ ){2,}[^']*'/,
  new RegExp(String.raw`\b${SENTENCE}: (?:\{ (?:in|notIn|equals|contains|startsWith|endsWith)|\{ not: (?!null))`),
  // In SQL, beside IS NULL and an assignment.
  /\b(?:WHERE|AND|OR|WHEN|ON|HAVING|CASE) (?:\w+\.)?(?:\w*_reason|last_error) (?!IS )/,
];

/** Matches a use of the constant as one side of a comparison, or as an item of a list to compare with. */
function comparesWith(text: string): RegExp {
  const of = String.raw`${text}(?:\.\w+|\['[\w-]+'\])?`;
  return new RegExp(
    String.raw`[!=]==? ${of}(?![\w.[(])|\b${of} [!=]==? |\.(?:includes|indexOf|has)\(${of}\)|\bcase ${of}:|[(:=] ?\[${of}[,\]]`,
  );
}

test('nothing is decided by the text of an error or of a stored reason, but where there is no code', () => {
  // What people write is read by its words, of course: core/text.
  const found = DECISIONS_ON_TEXTS.flatMap((pattern) => linesWith(pattern)).filter(
    (line) => !WORDS_ALONE.has(line.split(':')[0] ?? '') && !line.startsWith('core/text/') && !SAME_AS_LAST_TIME.has(line),
  );
  expect(found).toEqual([]);
});

test('nothing outside messages compares a value with a text that people read', async () => {
  const found: string[] = [];
  for (const file of sources().filter((one) => !one.startsWith('messages/'))) {
    const source = readFileSync(SRC + file, 'utf8');
    for (const [, names = '', from = ''] of source.matchAll(/^import \{([^}]*)\} from '([./]*\/messages\/[^']*)'/gm)) {
      const constants = names.match(/\b[A-Z][A-Z0-9_]{2,}\b/g)?.filter((name) => comparesWith(name).test(source)) ?? [];
      if (constants.length === 0) continue;
      const exported: unknown = await import(new URL(from, new URL(file, `file://${SRC}`)).href);
      found.push(...constants.filter((name) => isProse(valueOf(exported, name))).map((name) => `${file}: ${name}`));
    }
  }
  expect(found).toEqual([]);
});

test.each([
  '({ reason }) => !meant.because.includes(reason),',
  "if (row.disabledReason === 'The channel was deleted.') return;",
  'if (lastError !== previous) return;',
  "if (/was deleted/.test(row.disabledReason ?? '')) return;",
  "if (problem.reason.startsWith('The channel')) return;",
  'const why = WHY.get(reason);',
  "case 'The channel was deleted.':",
  "WHERE kind = 'teams' AND disabled_reason = ANY($1)",
  "CASE WHEN destination.settled_reason LIKE '%deleted%' THEN 1 END",
  'where: { accountId, disabledReason: { in: [...texts] } },',
  "if (error.message === 'gone') return;",
])('a decision on a text is found: %s', (line) => {
  expect(DECISIONS_ON_TEXTS.some((pattern) => pattern.test(line))).toBe(true);
});

test.each([
  "WHERE kind = 'teams' AND disabled_reason IS NULL",
  'UPDATE destination SET disabled_reason = ${reason}, disabled_since = ${now}',
  'where: { ...where, disabledReason: { not: null } },',
  'if (row.disabledReason === null) return [];',
  "if (checkResult.reason === 'no-figures') return null;",
])('this is no decision on a text: %s', (line) => {
  expect(DECISIONS_ON_TEXTS.filter((pattern) => pattern.test(line))).toEqual([]);
});

test.each([
  ['store.restore(place, { because: [REMOVALS.deleted] })'],
  ['const OF_ONE_CHANNEL = [REMOVALS.removed, REMOVALS.unshared];'],
  ['if (said === REMOVALS.deleted) return;'],
  ['if (REMOVALS.deleted !== said) return;'],
  ['return all.includes(REMOVALS.deleted);'],
])('a comparison with a text that people read is found: %s', (line) => {
  expect(comparesWith('REMOVALS').test(line)).toBe(true);
});
