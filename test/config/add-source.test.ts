import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { addSource } from '../../src/config/add-source.ts';

const ENTRY = {
  source: {
    id: 'acme',
    kind: 'http',
    url: 'https://acme.example/usage',
    headers: { authorization: 'Bearer ${ACME_KEY}' },
    meters: { a: { used: 'x' } },
  },
  comments: { a: '812 / 5,000 credits used' },
};
const BLOCK = `- id: acme
  kind: http
  url: https://acme.example/usage
  headers:
    authorization: Bearer \${ACME_KEY}
  meters:
    # 812 / 5,000 credits used
    a:
      used: x
`;
const LINE =
  '{ id: acme, kind: http, url: https://acme.example/usage, headers: { authorization: "Bearer ${ACME_KEY}" }, meters: { a: { used: x } } }';
const below = (indent: string) => BLOCK.replaceAll(/^(?=.)/gm, indent);
const added = (text: string, account: string | null = null) => {
  const result = addSource(text, ENTRY, account);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

test.each<[string, string, string]>([
  ['an empty file', '', `sources:\n${below('  ')}`],
  ['a file of comments', '# mine\n', `# mine\n\nsources:\n${below('  ')}`],
  ['a file without sources', 'timezone: Europe/Berlin # here\n', `timezone: Europe/Berlin # here\n\nsources:\n${below('  ')}`],
  ['a file without a last line break', 'timezone: UTC', `timezone: UTC\n\nsources:\n${below('  ')}`],
  [
    'sources without a value',
    'sources: # none yet\n  # - { id: a }\nadmins: []\n',
    `sources: # none yet\n${below('  ')}  # - { id: a }\nadmins: []\n`,
  ],
  ['an empty list', 'sources: []\nadmins: []\n', `sources:\n${below('  ')}admins: []\n`],
  [
    'a list with comments',
    "# top\nsources:\n  # first\n  - { id: a,  kind: push } # odd   spaces\n\n  - id: 'b'\n    kind: push\n    meters:\n      x: { label: X } # here\n\n# routes\nroutes: []\n",
    `# top\nsources:\n  # first\n  - { id: a,  kind: push } # odd   spaces\n\n  - id: 'b'\n    kind: push\n    meters:\n      x: { label: X } # here\n${below('  ')}\n# routes\nroutes: []\n`,
  ],
  ['a list that is not indented', 'sources:\n- id: a\n  kind: push\nadmins: []\n', `sources:\n- id: a\n  kind: push\n${BLOCK}admins: []\n`],
  ['a list in brackets', 'sources: [{ id: a, kind: push }] # one\n', `sources: [{ id: a, kind: push }, ${LINE}] # one\n`],
  [
    'lines of Windows',
    'sources:\r\n  - { id: a, kind: push }\r\n',
    `sources:\r\n  - { id: a, kind: push }\r\n${below('  ').replaceAll('\n', '\r\n')}`,
  ],
  [
    'the only account',
    'accounts:\n  north:\n    admins: [U1] # me\n  # the end\n',
    `accounts:\n  north:\n    admins: [U1] # me\n    sources:\n${below('      ')}  # the end\n`,
  ],
  ['an account without a value', 'accounts:\n  north: # mine\n', `accounts:\n  north: # mine\n    sources:\n${below('      ')}`],
])('%s: the entry is added, and every other character stays', (_what, text, result) => {
  expect(added(text)).toBe(result);
});

test('an account in braces is written anew, and comments stay', () => {
  const written = added('accounts: { north: { admins: [U1] } } # mine\n');
  expect(written).toContain('# mine');
  expect(parse(written)).toEqual({ accounts: { north: { admins: ['U1'], sources: [ENTRY.source] } } });
});

test.each<[string, string | null, unknown]>([
  ['sources:\n  - { id: acme, kind: push }\n', null, { kind: 'id-exists', id: 'acme' }],
  ['a: b: c', null, { kind: 'not-yaml' }],
  ['- a\n', null, { kind: 'not-yaml' }],
  ['sources: 5\n', null, { kind: 'not-a-list' }],
  ['sources: { a: b }\n', null, { kind: 'not-a-list' }],
  ['accounts: { a: {}, b: {} }\n', null, { kind: 'choose-account', accounts: ['a', 'b'] }],
  ['accounts: { a: {}, b: {} }\n', 'c', { kind: 'unknown-account', account: 'c', accounts: ['a', 'b'] }],
  ['', 'c', { kind: 'unknown-account', account: 'c', accounts: ['default'] }],
])('%j for the account %j is refused', (text, account, problem) => {
  expect(addSource(text, ENTRY, account)).toEqual({ ok: false, error: problem });
});

test('whatever the file looks like, only the entry is added', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const source = fc.record(
    { id: name, kind: fc.constant('push'), period: fc.option(fc.record({ every: fc.constant('month') })) },
    { requiredKeys: ['id', 'kind'] },
  );
  const file = fc.record(
    {
      timezone: fc.constant('UTC'),
      sources: fc.option(fc.array(source, { maxLength: 3 })),
      routes: fc.array(fc.record({ slack: fc.constant('C1'), note: fc.string() })),
    },
    { requiredKeys: [] },
  );
  const style = fc.record({
    indentSeq: fc.boolean(),
    collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
    indent: fc.integer({ min: 2, max: 5 }),
  });
  fc.assert(
    fc.property(file, style, (before, options) => {
      const text = stringify(before, options);
      fc.pre(!text.includes('id: acme'));
      const after: unknown = parse(added(text));
      expect(after).toEqual({ ...before, sources: [...(before.sources ?? []), ENTRY.source] });
    }),
  );
});
