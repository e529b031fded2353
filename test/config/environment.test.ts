import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/app/load-config.ts';
import { readSlack } from '../../src/slack/settings.ts';
import { platformEnvironment } from '../support/platform-environment.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const DATABASE = { DATABASE_URL: 'postgresql://u:p@host/creditwatch', ENCRYPTION_KEY: KEY };
const BOT = { SLACK_BOT_TOKEN: 'xoxb-123' };
const OAUTH = { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'shh', PUBLIC_URL: 'https://credits.example.com' };

function load(env: Record<string, string>, file = '') {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-config-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'creditwatch.yml'), file);
  return { cwd, config: loadConfig({ env, cwd }) };
}

function mistakes(env: Record<string, string>): readonly string[] {
  const { config } = load(env);
  return config.ok ? [] : config.error.map(({ where, message }) => `${where}: ${message}`);
}

function accepted(env: Record<string, string>, file?: string) {
  const { config } = load(env, file);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

/** What Slack's own reader makes of what the configuration takes without a word. */
function slackOf(env: Record<string, string>) {
  expect(accepted(env).notices).toEqual([]);
  return readSlack(platformEnvironment(env));
}

describe('a mistake in the environment is named with its variable and what to do', () => {
  test.each<[Record<string, string>, string]>([
    [{ PORT: '65536' }, 'PORT: must be a whole number up to 65535'],
    [{ PORT: '3000a' }, 'PORT: must be a whole number up to 65535'],
    [{ PORT: '-1' }, 'PORT: must be a whole number up to 65535'],
    [{ PORT: '80.5' }, 'PORT: must be a whole number up to 65535'],
    [{ PORT: '0x50' }, 'PORT: must be a whole number up to 65535'],
    [{ ROLE: 'wbe' }, 'ROLE: must be one of all, web or worker'],
    [{ ROLE: 'web' }, 'ROLE: web needs a database that all processes share: set DATABASE_URL, or use ROLE=all'],
    [{ ROLE: 'worker' }, 'ROLE: worker needs a database that all processes share: set DATABASE_URL, or use ROLE=all'],
    [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal or silent'],
    [{ INGEST_KEY: '123456789012345' }, 'INGEST_KEY: must have 16 characters or more: letters, digits and signs of ASCII, without spaces'],
    [
      { INGEST_KEY: '1234567890 123456' },
      'INGEST_KEY: must have 16 characters or more: letters, digits and signs of ASCII, without spaces',
    ],
    [
      { INGEST_KEY: 'schlüsselschlüssel' },
      'INGEST_KEY: must have 16 characters or more: letters, digits and signs of ASCII, without spaces',
    ],
    [
      { DATABASE_URL: 'mysql://u:p@host/db', ENCRYPTION_KEY: KEY },
      'DATABASE_URL: must be a URL such as postgresql://user:password@host:5432/creditwatch',
    ],
    [
      { DATABASE_URL: 'host:5432', ENCRYPTION_KEY: KEY },
      'DATABASE_URL: must be a URL such as postgresql://user:password@host:5432/creditwatch',
    ],
    [
      { DATABASE_URL: DATABASE.DATABASE_URL },
      'ENCRYPTION_KEY: is required with DATABASE_URL, so that all processes can read what is stored. Make one: openssl rand -base64 32',
    ],
    [
      { ENCRYPTION_KEY: KEY, ENCRYPTION_KEY_PREVIOUS: 'x' },
      'ENCRYPTION_KEY_PREVIOUS: must be 32 bytes in base64 or hex. Make one: openssl rand -base64 32',
    ],
    [{ ENCRYPTION_KEY_PREVIOUS: KEY }, 'ENCRYPTION_KEY_PREVIOUS: needs ENCRYPTION_KEY, which is not set'],
    [{ ENCRYPTION_KEY: 'too short' }, 'ENCRYPTION_KEY: must be 32 bytes in base64 or hex. Make one: openssl rand -base64 32'],
    [
      { ENCRYPTION_KEY: Buffer.alloc(31).toString('base64') },
      'ENCRYPTION_KEY: must be 32 bytes in base64 or hex. Make one: openssl rand -base64 32',
    ],
    [{ ENCRYPTION_KEY: `!!${KEY}` }, 'ENCRYPTION_KEY: must be 32 bytes in base64 or hex. Make one: openssl rand -base64 32'],
    [{ HEARTBEAT_URL: 'hc-ping.com/my-check' }, 'HEARTBEAT_URL: must be a URL such as https://hc-ping.com/your-check'],
    ...[
      'credits.example.com',
      'http://credits.example.com',
      'http://127.example.com',
      'ftp://localhost',
      'https://credits.example.com/?a=b',
      'https://credits.example.com/#top',
      'https://user@credits.example.com',
    ].map((PUBLIC_URL): [Record<string, string>, string] => [
      { PUBLIC_URL },
      'PUBLIC_URL: must be an https URL such as https://credits.example.com, without a query; http only for this machine',
    ]),
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL: must be a URL such as redis://host:6379'],
    [
      { SLACK_SIGNING_SECRET: 'abc' },
      'SLACK_BOT_TOKEN: is missing: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app',
    ],
    [
      { SLACK_APP_TOKEN: 'xapp-1' },
      'SLACK_BOT_TOKEN: is missing: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app',
    ],
    [BOT, 'SLACK_SIGNING_SECRET: is missing: copy it from Basic Information of your Slack app, or set SLACK_APP_TOKEN for Socket Mode'],
    [
      { SLACK_BOT_TOKEN: 'xoxp-1', SLACK_SIGNING_SECRET: 'abc' },
      'SLACK_BOT_TOKEN: must begin with xoxb-: copy the Bot User OAuth Token from OAuth & Permissions of your Slack app',
    ],
    [
      { ...BOT, SLACK_APP_TOKEN: 'xoxb-1' },
      'SLACK_APP_TOKEN: must begin with xapp-: make an app-level token with connections:write under Basic Information of your Slack app',
    ],
    [{ ...BOT, SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'slack' }, 'SLACK_API_URL: must be a URL such as https://slack.com/api/'],
    [
      { ...BOT, SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'http://slack.example.com/api/' },
      'SLACK_API_URL: must begin with https://: it gets the bot token',
    ],
    [
      { ...BOT, SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'http://[2606:4700::1111]/api/' },
      'SLACK_API_URL: must begin with https://: it gets the bot token',
    ],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN: must have 16 characters or more. Make one: openssl rand -hex 24'],
    [{ METRICS_PORT: '3000' }, 'METRICS_PORT: must be another port than PORT'],
    [{ ...BOT, SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'ftp://slack/' }, 'SLACK_API_URL: must be a URL such as https://slack.com/api/'],
    [
      { ...OAUTH, SLACK_CLIENT_SECRET: '', SLACK_SIGNING_SECRET: 'abc' },
      'SLACK_CLIENT_SECRET: is missing: copy it from Basic Information of your Slack app, to install by OAuth, or leave out SLACK_CLIENT_ID',
    ],
    [
      { ...OAUTH, SLACK_CLIENT_ID: '', SLACK_SIGNING_SECRET: 'abc' },
      'SLACK_CLIENT_ID: is missing: copy it from Basic Information of your Slack app, to install by OAuth, or leave out SLACK_CLIENT_SECRET',
    ],
    [
      { ...OAUTH, PUBLIC_URL: '', SLACK_SIGNING_SECRET: 'abc' },
      'PUBLIC_URL: is missing: SLACK_CLIENT_ID needs the address where browsers reach this service, such as https://credits.example.com, because Slack redirects there after the installation',
    ],
    [
      { ...OAUTH, PUBLIC_URL: 'http://credits.example.com', SLACK_SIGNING_SECRET: 'abc' },
      'PUBLIC_URL: must be an https URL such as https://credits.example.com, without a query; http only for this machine',
    ],
    [OAUTH, 'SLACK_SIGNING_SECRET: is missing: copy it from Basic Information of your Slack app, or set SLACK_APP_TOKEN for Socket Mode'],
    [
      { ...OAUTH, ...BOT, SLACK_SIGNING_SECRET: 'abc' },
      'SLACK_BOT_TOKEN: contradicts SLACK_CLIENT_ID, with which the token comes from an installation at /slack/install: leave out one of the two',
    ],
  ])('%j', (env, mistake) => {
    expect(mistakes(env)).toEqual([mistake]);
  });

  test('of several all are said, and no value of any of them', () => {
    const env = {
      PORT: 'p-9f3c',
      ROLE: 'r-9f3c',
      LOG_LEVEL: 'l-9f3c',
      INGEST_KEY: 'i-9f3c',
      DATABASE_URL: 'd-9f3c',
      ENCRYPTION_KEY: 'e-9f3c',
      REDIS_URL: 'x-9f3c',
      SLACK_BOT_TOKEN: 'b-9f3c',
      SLACK_APP_TOKEN: 'a-9f3c',
      SLACK_API_URL: 'u-9f3c',
      PUBLIC_URL: 'o-9f3c',
      HEARTBEAT_URL: 'h-9f3c',
    };
    const found = mistakes(env);
    expect(new Set(found.map((line) => line.split(':')[0]))).toEqual(new Set(Object.keys(env)));
    expect(found).toHaveLength(Object.keys(env).length);
    expect(found.join('\n')).not.toContain('9f3c');
  });
});

describe('the environment', () => {
  test('is not needed: everything has its default', () => {
    const { cwd, config } = load({});
    expect(config).toMatchObject({
      ok: true,
      value: {
        role: 'all',
        host: '127.0.0.1',
        port: 3000,
        logLevel: 'info',
        dataDir: join(cwd, 'data'),
        databaseUrl: null,
        redisUrl: null,
        encryptionKey: null,
        ingestKey: null,
        platforms: expect.arrayContaining([expect.objectContaining({ id: 'slack', connection: null })]),
        notices: [],
      },
    });
  });

  test('counts an empty variable as not set', () => {
    expect(accepted({ PORT: '', ROLE: '', INGEST_KEY: '', SLACK_BOT_TOKEN: '', DATABASE_URL: '', MicrosoftAppId: '' })).toMatchObject({
      role: 'all',
      port: 3000,
      ingestKey: null,
      platforms: expect.arrayContaining([expect.objectContaining({ id: 'slack', connection: null })]),
      databaseUrl: null,
      notices: [],
    });
  });

  test('takes a key of 32 bytes in base64, with and without padding, and in hex', () => {
    const bytes = Buffer.alloc(32, 7);
    for (const key of [
      KEY,
      KEY.replace(/=+$/, ''),
      bytes.toString('base64url'),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
    ]) {
      expect(accepted({ ENCRYPTION_KEY: key }).encryptionKey).toEqual(bytes);
    }
  });

  test('takes where it is reached from outside, with or without a slash at its end', () => {
    const taken = (PUBLIC_URL: string) => accepted({ PUBLIC_URL }).publicUrl;
    expect(
      [
        'https://credits.example.com',
        'https://credits.example.com/',
        'https://example.com/credits/',
        'http://localhost:3000',
        'http://127.0.0.1:3000/',
        'http://[::1]:3000',
      ].map(taken),
    ).toEqual([
      'https://credits.example.com',
      'https://credits.example.com',
      'https://example.com/credits',
      'http://localhost:3000',
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
    ]);
  });

  test('takes an ingest key of exactly 16 characters', () => {
    expect(accepted({ INGEST_KEY: '1234567890+/=_-~' }).ingestKey).toBe('1234567890+/=_-~');
  });

  test('prefers Socket Mode when both ways to Slack are set', () => {
    expect(slackOf({ ...BOT, SLACK_SIGNING_SECRET: 'abc', SLACK_APP_TOKEN: 'xapp-1' })).toMatchObject({
      transport: { kind: 'socket', appToken: 'xapp-1' },
    });
    expect(slackOf({ ...BOT, SLACK_SIGNING_SECRET: 'abc' })).toMatchObject({ transport: { kind: 'http', signingSecret: 'abc' } });
  });

  test('takes an app that is installed by OAuth, over HTTP or with Socket Mode', () => {
    const installation = { kind: 'oauth', clientId: '1.2', clientSecret: 'shh', publicUrl: 'https://credits.example.com' };
    expect(slackOf({ ...OAUTH, SLACK_SIGNING_SECRET: 'abc' })).toMatchObject({
      installation,
      transport: { kind: 'http', signingSecret: 'abc' },
    });
    expect(slackOf({ ...OAUTH, SLACK_APP_TOKEN: 'xapp-1' })).toMatchObject({
      installation,
      transport: { kind: 'socket', appToken: 'xapp-1' },
    });
  });

  test('says that one ingest key does not serve several accounts', () => {
    const env = { INGEST_KEY: '1234567890123456' };
    expect(accepted(env, 'accounts: { north: }').notices).toEqual([]);
    expect(accepted(env, 'accounts: { north: , south: }').notices).toEqual([
      'INGEST_KEY is set, but each of several accounts has a key of its own (npx creditwatch key): it is ignored.',
    ]);
  });

  test.each<[string, readonly string[]]>([
    ['[80, 100]', ["80 and 100 without a percent sign are amounts of the meter's unit. For shares write 80%, 100%."]],
    ['["80"]', ["80 without a percent sign is an amount of the meter's unit. For shares write 80%."]],
    ['[{ used: 90, severity: critical }, 100%]', ["90 without a percent sign is an amount of the meter's unit. For shares write 90%."]],
    ['[80%, 100%]', []],
    ['[50000, 80]', []],
  ])('says that levels %s are amounts where they look like shares', (levels, says) => {
    expect(accepted({}, `rules: [{ kind: threshold, meters: all, levels: ${levels} }]`).notices).toEqual(
      says.map((one) => `rules[0].levels: ${one}`),
    );
  });

  test('says that routes to Teams wait for a registration', () => {
    const file = 'routes: [{ teams: "19:abc@thread.tacv2" }]';
    expect(accepted({}, file).notices).toEqual([
      'There are routes to Teams, but MicrosoftAppId is not set. Until you set it, their alerts are printed in the terminal.',
    ]);
    expect(accepted({ TEAMS_ALLOW_ANONYMOUS: 'true' }, file).notices).toEqual([]);
  });

  test('says that routes to Slack wait for a token', () => {
    const file = 'routes: [{ slack: C0123456789 }]';
    expect(accepted({}, file).notices).toEqual([
      'There are routes to Slack, but SLACK_BOT_TOKEN is not set. Until you set it, their alerts are printed in the terminal.',
    ]);
    expect(accepted({ ...BOT, SLACK_APP_TOKEN: 'xapp-1' }, file).notices).toEqual([]);
  });
});
