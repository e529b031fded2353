import type { PlatformEnvironment } from '../chat/platform.ts';
import { isLoopback } from '../outbound/host.ts';

export type SlackSettings = {
  /** The bot token: from the environment, or from the installation of the app at `publicUrl`. */
  readonly installation:
    | { readonly kind: 'token'; readonly botToken: string }
    | { readonly kind: 'oauth'; readonly clientId: string; readonly clientSecret: string; readonly publicUrl: string };
  readonly transport: { readonly kind: 'http'; readonly signingSecret: string } | { readonly kind: 'socket'; readonly appToken: string };
  /** The base URL of the Web API, for tests. */
  readonly apiUrl: string | null;
};

/** The variables of Slack. */
export const SLACK_SETTINGS = [
  'SLACK_API_URL',
  'SLACK_APP_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_SIGNING_SECRET',
] as const;
type Name = (typeof SLACK_SETTINGS)[number] | 'PUBLIC_URL';

const SECRET = 'from Basic Information of your Slack app';

/** Reads the variables for Slack. Null if Slack is not set up, or if there is a problem, which is reported. */
export function readSlack({ get, secret, url, problem, publicUrl }: PlatformEnvironment<Name>): SlackSettings | null {
  const apiUrl = readApiUrl();
  const signingSecret = secret('SLACK_SIGNING_SECRET');
  const appToken = secret('SLACK_APP_TOKEN');
  const installation = secret('SLACK_CLIENT_ID') === undefined && secret('SLACK_CLIENT_SECRET') === undefined ? readToken() : readOAuth();
  const transport = installation === null ? null : readTransport();
  return installation && transport && { installation, transport, apiUrl };

  function readToken(): SlackSettings['installation'] | null {
    const botToken = secret('SLACK_BOT_TOKEN');
    if (botToken === undefined) {
      if (signingSecret !== undefined || appToken !== undefined)
        problem('SLACK_BOT_TOKEN', 'is missing: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app');
      return null;
    }
    if (!botToken.startsWith('xoxb-'))
      problem('SLACK_BOT_TOKEN', 'must begin with xoxb-: copy the Bot User OAuth Token from OAuth & Permissions of your Slack app');
    return { kind: 'token', botToken };
  }

  function readOAuth(): SlackSettings['installation'] {
    const missing = (name: Name, what: string, read = secret) => read(name) ?? (problem(name, `is missing: ${what}`), '');
    if (secret('SLACK_BOT_TOKEN') !== undefined)
      problem(
        'SLACK_BOT_TOKEN',
        'contradicts SLACK_CLIENT_ID, with which the token comes from an installation at /slack/install: leave out one of the two',
      );
    const clientId = missing('SLACK_CLIENT_ID', `copy it ${SECRET}, to install by OAuth, or leave out SLACK_CLIENT_SECRET`);
    const clientSecret = missing('SLACK_CLIENT_SECRET', `copy it ${SECRET}, to install by OAuth, or leave out SLACK_CLIENT_ID`);
    missing(
      'PUBLIC_URL',
      'SLACK_CLIENT_ID needs the address where browsers reach this service, such as https://credits.example.com, because Slack redirects there after the installation',
      get,
    );
    return { kind: 'oauth', clientId, clientSecret, publicUrl: publicUrl ?? '' };
  }

  function readTransport(): SlackSettings['transport'] | null {
    if (appToken !== undefined) {
      if (!appToken.startsWith('xapp-'))
        problem(
          'SLACK_APP_TOKEN',
          'must begin with xapp-: make an app-level token with connections:write under Basic Information of your Slack app',
        );
      return { kind: 'socket', appToken };
    }
    if (signingSecret === undefined)
      problem('SLACK_SIGNING_SECRET', `is missing: copy it ${SECRET}, or set SLACK_APP_TOKEN for Socket Mode`);
    return signingSecret === undefined ? null : { kind: 'http', signingSecret };
  }
  /** The URL receives the bot token, so plain HTTP is allowed only on a private network. */
  function readApiUrl(): string | null {
    const value = url('SLACK_API_URL', ['https:', 'http:'], 'https://slack.com/api/');
    if (value !== null && value.startsWith('http:') && URL.canParse(value) && !isNear(new URL(value).hostname))
      problem('SLACK_API_URL', 'must begin with https://: it gets the bot token');
    return value;
  }
}

/** Whether a host is this machine, or a name without a dot, such as the name of a container. */
function isNear(hostname: string): boolean {
  return isLoopback(hostname) || !/[.:]/.test(hostname);
}
