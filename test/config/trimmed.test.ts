import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/app/load-config.ts';
import { readSlack } from '../../src/slack/settings.ts';
import { readTeams } from '../../src/teams/settings.ts';
import { platformEnvironment } from '../support/platform-environment.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const GUID = '00000000-0000-0000-0000-00000000000b';

/** Every variable with a value that is taken, in sets that go together. */
const SETS: readonly Readonly<Record<string, string>>[] = [
  {
    DATA_DIR: '/tmp/creditwatch',
    DATABASE_URL: 'postgresql://u:p@host/creditwatch',
    DIRECT_DATABASE_URL: 'postgresql://u:p@direct/creditwatch',
    REDIS_URL: 'redis://host:6379',
    ENCRYPTION_KEY: KEY,
    ENCRYPTION_KEY_PREVIOUS: Buffer.alloc(32, 9).toString('base64'),
    INGEST_KEY: '1234567890123456',
    HOST: '127.0.0.1',
    PORT: '3001',
    METRICS_TOKEN: '1234567890123456',
    METRICS_PORT: '3002',
    ROLE: 'worker',
    LOG_LEVEL: 'warn',
    PUBLIC_URL: 'https://credits.example.com',
    HTTPS_PROXY: 'http://proxy.example.com:3128',
    HTTP_PROXY: 'http://proxy.example.com:3128',
    NO_PROXY: 'localhost,10.0.0.0/8',
    HEARTBEAT_URL: 'https://hc-ping.com/my-check',
    SLACK_BOT_TOKEN: 'xoxb-1-2',
    SLACK_SIGNING_SECRET: 'a'.repeat(32),
    SLACK_API_URL: 'https://slack.example.com/api/',
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppId: GUID,
    MicrosoftAppTenantId: GUID,
    MicrosoftAppPassword: 'p~w.d',
  },
  { SLACK_BOT_TOKEN: 'xoxb-1-2', SLACK_APP_TOKEN: 'xapp-1-2' },
  {
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'shh-shh-shh',
    SLACK_SIGNING_SECRET: 'a'.repeat(32),
    PUBLIC_URL: 'https://credits.example.com',
  },
  {
    MicrosoftAppType: 'UserAssignedMsi',
    MicrosoftAppId: GUID,
    MicrosoftAppTenantId: GUID,
    AZURE_FEDERATED_TOKEN_FILE: '/var/run/token',
  },
  { TEAMS_ALLOW_ANONYMOUS: 'true' },
];

function folder(file = ''): string {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-config-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'creditwatch.yml'), file);
  return cwd;
}

function mistakes(env: Readonly<Record<string, string>>, file = ''): readonly string[] {
  const config = loadConfig({ env, cwd: folder(file) });
  return config.ok ? [] : config.error.map(({ where, message }) => `${where}: ${message}`);
}

test('the sets name every variable but the path of the file, which has to exist, that of a certificate and the proxies', () => {
  const documented = [...readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  const known = new Set([...SETS.flatMap((set) => Object.keys(set)), ...OTHERS]);
  expect(documented.slice(documented.indexOf('DATA_DIR')).filter((name) => name === undefined || !known.has(name))).toEqual([]);
});
const OTHERS = ['CREDITWATCH_CONFIG', 'MicrosoftAppCertificateFile', 'https_proxy', 'http_proxy', 'no_proxy'];

/** The configuration, and what Slack and Teams keep to themselves of it. */
function readAll(env: Readonly<Record<string, string>>, cwd: string) {
  const config = loadConfig({ env, cwd, platforms: [] });
  const environment = platformEnvironment(env, { cwd });
  return { config, settings: [readSlack(environment), readTeams(environment)] };
}

test('what copying leaves around a value changes nothing, whichever variable it is', () => {
  const cwd = folder();
  const around = fc.array(fc.constantFrom(' ', '\t', '\r', '\n', '\r\n', '\u00a0', '\ufeff', '\u200b', '\u2060'), { maxLength: 3 });
  const expected = SETS.map((env) => readAll(env, cwd));
  for (const { config } of expected) expect(config).toMatchObject({ ok: true });
  fc.assert(
    fc.property(fc.nat(SETS.length - 1), fc.infiniteStream(around), (nth, dirt) => {
      const next = () => String(dirt.next().value?.join('') ?? '');
      const env = Object.fromEntries(Object.entries(SETS[nth] ?? {}).map(([name, value]) => [name, `${next()}${value}${next()}`]));
      expect(readAll(env, cwd)).toEqual(expected[nth]);
    }),
    { numRuns: 200 },
  );
});

test('nothing but white space counts as not set', () => {
  expect(loadConfig({ env: { SLACK_BOT_TOKEN: ' \r\n', DATABASE_URL: '\n', PORT: '\t' }, cwd: folder() })).toMatchObject({
    ok: true,
    value: {
      platforms: expect.arrayContaining([expect.objectContaining({ id: 'slack', connection: null })]),
      databaseUrl: null,
      port: 3000,
    },
  });
  expect(mistakes({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '\n' })).toEqual([
    expect.stringMatching(/^SLACK_SIGNING_SECRET: is missing/),
  ]);
});

test('a secret that holds what no secret has is refused by the name of its variable, without being shown', () => {
  const secrets = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_CLIENT_SECRET', 'SLACK_SIGNING_SECRET', 'MicrosoftAppPassword'];
  for (const name of secrets) {
    const set = SETS.find((one) => name in one) ?? {};
    const [first = '', rest = ''] = [set[name]?.slice(0, 6), set[name]?.slice(6)];
    for (const [middle, said] of [
      [' ', 'contains a space'],
      ['\n', 'contains a line break'],
      ['\u200b', 'contains an invisible character (U+200B)'],
      ['…', 'contains the character … (U+2026)'],
    ])
      expect(mistakes({ ...set, [name]: `${first}${String(middle)}x${rest}` })).toEqual([
        expect.stringContaining(`${name}: ${String(said)}`),
      ]);
    for (const quote of [`"`, `'`])
      expect(mistakes({ ...set, [name]: `${quote}${set[name] ?? ''}${quote}` })).toContain(
        `${name}: is in quotes, which count as a part of it: remove them`,
      );
  }
});

test('variables that creditwatch.yml names, and keys that stand in it, are trimmed alike', () => {
  const file = `
ingestKeys: ["1234567890123456 "]
sources:
  - id: vendor
    kind: http
    url: "https://vendor.example.com/usage "
    headers: { authorization: "Bearer \${VENDOR_KEY}", "x-key": "abc\\n" }
    meters: { credits: { used: used, total: total } }
`;
  const config = loadConfig({ env: { VENDOR_KEY: '\ufeffsecret-of-vendor\r\n' }, cwd: folder(file) });
  expect(config).toMatchObject({ ok: true });
  const [account] = config.ok ? config.value.accounts : [];
  expect(account?.ingestKeys).toEqual([{ source: null, key: '1234567890123456' }]);
  const [source] = account?.sources ?? [];
  expect(source?.kind === 'http' ? source.poll : null).toMatchObject({
    url: 'https://vendor.example.com/usage',
    headers: { authorization: 'Bearer secret-of-vendor', 'x-key': 'abc' },
  });
});
