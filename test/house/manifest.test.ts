import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseCommand } from '../../src/commands/registry.ts';
import { botEvents } from '../../src/slack/listeners/uninstalled.ts';
import { optionalScopes, requiredScopes } from '../../src/slack/api/scopes.ts';
import { startAdapter } from '../support/slack/adapter.ts';

const FILE = fileURLToPath(new URL('../../manifest.yml', import.meta.url));
const text = readFileSync(FILE, 'utf8');

const url = z
  .string()
  .regex(/^https:\/\//)
  .max(3000);
const scopes = z.array(z.string().max(50)).max(255);

/** The keys of Slack's manifest (docs.slack.dev/reference/app-manifest) that we use. Any other key is a mistake. */
const manifestSchema = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().min(2).max(32).startsWith('/'),
        url,
        description: z.string().min(1).max(2000),
        usage_hint: z.string().min(1).max(1000),
        should_escape: z.boolean(),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: scopes, bot_optional: scopes }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: url, bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: url }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

const manifest = manifestSchema.parse(parse(text));

describe('manifest.yml', () => {
  test.each([
    'display_information',
    'description',
    'slash_commands',
    'usage_hint',
    'bot_optional',
    'request_url',
    'event_subscriptions',
    'bot_events',
    'socket_mode_enabled',
  ])('with %s mistyped is rejected', (key) => {
    const mistyped = text.replace(new RegExp(`(^[ -]*)${key}:`, 'm'), `$1${key}s:`);
    expect(mistyped).not.toBe(text);
    expect(manifestSchema.safeParse(parse(mistyped)).error?.issues).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys', keys: [`${key}s`] }),
    );
  });

  test('requests the scopes that the code uses, and marks those as optional that it can work without', () => {
    expect(manifest.oauth_config.scopes).toEqual({ bot: [...requiredScopes, ...optionalScopes], bot_optional: [...optionalScopes] });
  });

  test('gives a reason for each scope', () => {
    const lines = text.split('\n');
    for (const scope of manifest.oauth_config.scopes.bot)
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ +- ${scope} # .{15,}`)));
  });

  test('subscribes to the events that the code handles, and to no message events', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual([...botEvents]);
    expect(botEvents.filter((event) => event.includes('message'))).toEqual([]);
  });

  test('sends all requests of Slack to the one path that handles them', () => {
    const paths = [
      manifest.features.slash_commands[0]?.url,
      manifest.settings.interactivity.request_url,
      manifest.settings.event_subscriptions.request_url,
    ].map((address) => new URL(address ?? '').pathname);
    expect(paths).toEqual(['/slack/events', '/slack/events', '/slack/events']);
  });

  test('declares a command that the service accepts', async () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(['/usage']);
    const { command, slack } = await startAdapter('http');
    await command({ command: '/usage' });
    expect((await slack.told.next(() => true)).text).toBe('All is well.');
  });

  test('suggests existing commands only', () => {
    const hinted = manifest.features.slash_commands.flatMap(({ usage_hint: hint }) =>
      hint.split('|').map((one) => one.trim().split(' ')[0] ?? ''),
    );
    const words = hinted.filter((word) => !word.startsWith('['));
    expect(words.length).toBeGreaterThan(0);
    expect(words.map((word) => parseCommand(word).word)).toEqual(words);
  });
});
