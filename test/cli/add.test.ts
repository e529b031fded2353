import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../src/cli/main.ts';
import { commandLine } from '../support/cli.ts';
import { json, startVendor } from '../support/vendor.ts';

const KEY = 'sk-or-v1-0123456789abcdef';

async function vendorAndTerminal() {
  const vendor = await startVendor();
  vendor.on('/api/v1/credits', (request, response) =>
    request.headers.authorization === `Bearer ${KEY}`
      ? json({ data: { total_credits: 100.5, total_usage: 25.75 } })(request, response)
      : json({ error: KEY }, 401)(request, response),
  );
  const cli = commandLine({ dataDir: '/nowhere' });
  const before = `# mine\nallowHosts: ["${vendor.host}"]\nsources:\n  - { id: crm,  kind: push } # odd\n`;
  cli.write('creditwatch.yml', before);
  const file = () => readFileSync(join(cli.folder, 'creditwatch.yml'), 'utf8');
  return { vendor, cli, before, file, args: ['add', 'openrouter', '--url', `${vendor.url}/api/v1/credits`] };
}

test('without a terminal the key comes from its variable; the figures are shown, and the file names the variable alone', async () => {
  const { vendor, cli, before, file, args } = await vendorAndTerminal();
  const { code, out, err } = await cli.run([...args, '--source', 'router'], { env: { OPENROUTER_KEY: KEY } });
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('25.75 / 100.5');
  expect(file().startsWith(before)).toBe(true);
  expect(parse(file())).toMatchObject({
    sources: [
      { id: 'crm' },
      { id: 'router', kind: 'http', preset: 'openrouter', url: `${vendor.url}/api/v1/credits`, key: '${OPENROUTER_KEY}' },
    ],
  });
  expect(out + file()).not.toContain(KEY);
  expect(await cli.run(['try', 'router', '--json'], { env: { OPENROUTER_KEY: KEY } })).toMatchObject({ code: 0 });
  expect(await cli.run([...args, '--source', 'router'], { env: { OPENROUTER_KEY: KEY } })).toMatchObject({ code: 1, out: '' });
});

test('at a terminal it asks for the key, which is not shown', async () => {
  const { cli, file, args } = await vendorAndTerminal();
  const input = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  const output = () => new Writable({ write: (chunk: Buffer, _encoding, done) => ((shown += chunk.toString()), done()) });
  const running = main([...args, '--json'], { env: {}, cwd: cli.folder, input, output: output(), errors: output() });
  await expect.poll(() => shown).toContain('OPENROUTER_KEY');
  input.write(`${KEY}\n`);
  expect(await running).toBe(0);
  expect(shown).not.toContain(KEY);
  expect(JSON.parse(shown.slice(shown.indexOf('{')))).toMatchObject({ source: 'openrouter', meters: [{ used: 25.75 }] });
  expect(file()).not.toContain(KEY);
  expect(parse(file())).toMatchObject({ sources: [{ id: 'crm' }, { id: 'openrouter' }] });
});

test('a variable that the file uses for something else gets no second use', async () => {
  const { vendor, cli, before, file, args } = await vendorAndTerminal();
  const other = `${before}  - { id: other, kind: http, url: "https://a.example/u", key: "\${OPENROUTER_KEY}", headers: { a: "{{key}}" }, meters: { a: { used: a } } }\n`;
  cli.write('creditwatch.yml', other);
  expect(await cli.run(args, { env: { OPENROUTER_KEY: 'key-of-another' } })).toMatchObject({
    code: 2,
    err: expect.stringContaining('OPENROUTER_KEY_2'),
  });
  expect(vendor.seen).toEqual([]);
  const env = { OPENROUTER_KEY: 'key-of-another', OPENROUTER_KEY_2: KEY };
  expect(await cli.run(args, { env })).toMatchObject({ code: 0 });
  expect(parse(file())).toMatchObject({ sources: [{}, {}, { id: 'openrouter', key: '${OPENROUTER_KEY_2}' }] });
  // The same preset at the same address has the same key.
  cli.write(
    'creditwatch.yml',
    `${before}  - { id: first, kind: http, preset: openrouter, url: "${vendor.url}/api/v1/credits", key: "\${OPENROUTER_KEY}" }\n`,
  );
  expect(await cli.run(args, { env: { OPENROUTER_KEY: KEY } })).toMatchObject({ code: 0 });
});

test('a refused key adds nothing, and is not repeated', async () => {
  const { cli, before, file, args } = await vendorAndTerminal();
  const wrong = 'sk-or-v1-wrong-wrong-wrong';
  const { code, out, err } = await cli.run(args, { env: { OPENROUTER_KEY: wrong } });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('401');
  for (const secret of [wrong, KEY]) expect(err).not.toContain(secret);
  expect(file()).toBe(before);
});

test.each<[string, readonly string[], readonly string[]]>([
  ['the key', ['add', 'openrouter'], ['OPENROUTER_KEY']],
  ['a value and the key', ['add', 'twilio'], ['--value account=', 'TWILIO_TOKEN']],
  ['the address', ['add', 'abmatic'], ['--url']],
  ['the name of a value', ['add', 'twilio', '--value', 'acount=AC1'], ['account']],
  ['a value that there is none of', ['add', 'openrouter', '--value', 'a=b'], ['--value']],
])('without a terminal it names what is missing: %s', async (_what, args, says) => {
  const { code, out, err } = await commandLine({ dataDir: '/nowhere' }).run(args);
  expect([code, out]).toEqual([2, '']);
  for (const one of says) expect(err).toContain(one);
});

test('a mistyped vendor is asked about, and one that is like none is not', async () => {
  const cli = commandLine({ dataDir: '/nowhere' });
  expect(await cli.run(['add', 'opnrouter'])).toMatchObject({ code: 1, err: expect.stringContaining('openrouter') });
  expect((await cli.run(['add', 'salesforce'])).err).not.toContain('leadsforge');
});
