import oauth, { type Installation, type OrgInstallation } from '@slack/oauth';
import type { CookieOptions, Express, Response } from 'express';
import { z } from 'zod';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Log } from '../../ports/log.ts';
import { boltLogger } from '../api/bolt-logger.ts';
import { optionalScopes, requiredScopes } from '../api/scopes.ts';
import { webClientOptions } from '../api/web-client.ts';
import { endOf, type InstallResult } from './result.ts';
import { INSTALL_PATH } from './path.ts';
import { installPage } from './page.ts';
import { createStateStore, STATE_LASTS_S, type UseState } from './state.ts';

const REDIRECT_PATH = '/slack/oauth_redirect';
const COOKIE = 'creditwatch-install';

/** A workspace that Slack has given a token for. */
export type Granted = {
  readonly team: string;
  readonly name: string;
  readonly token: string;
  /** Who installed it. */ readonly by: string;
};

export type InstallOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string;
  /** Another base of the Web API than Slack's; people are then sent to its neighbour. */
  readonly apiUrl: string | null;
  readonly useState: UseState;
  /** Keeps the token, or says why not. */
  readonly onGranted: (granted: Granted) => Promise<'installed' | 'other-workspace' | 'unnamed'>;
  /** What the command is called. */
  readonly command: () => string;
  readonly log: Log;
};

const grantedSchema = z.object({
  isEnterpriseInstall: z.literal(false).optional(),
  team: z.object({ id: z.string().min(1), name: z.string().optional() }),
  user: z.object({ id: z.string().min(1) }),
  bot: z.object({ token: z.string().startsWith('xoxb-') }),
});

/**
 * `GET /slack/install` sends the browser to Slack, which sends it back to `GET /slack/oauth_redirect` with a code for a token
 * (docs.slack.dev/authentication/installing-with-oauth). The exchange and the check of the state are the library's; its cookie
 * lacks SameSite, and its pages a next step, so those are ours.
 */
export function createInstallRoutes({
  clientId,
  clientSecret,
  publicUrl,
  apiUrl,
  useState,
  onGranted,
  command,
  log,
}: InstallOptions): (app: Express) => void {
  const redirectUri = `${publicUrl}${REDIRECT_PATH}`;
  const base = new URL(publicUrl);
  const cookie: CookieOptions = {
    httpOnly: true,
    sameSite: 'lax',
    secure: base.protocol === 'https:',
    path: `${base.pathname.replace(/\/$/, '')}/slack`,
  };
  const provider = new oauth.InstallProvider({
    clientId,
    clientSecret,
    stateStore: createStateStore(clientSecret, useState),
    stateCookieName: COOKIE,
    stateCookieExpirationSeconds: STATE_LASTS_S,
    // How an install ended is said below, once.
    logger: { ...boltLogger(log), error: () => undefined },
    clientOptions: webClientOptions(apiUrl, log),
    ...(apiUrl !== null && { authorizationUrl: new URL('../oauth/v2/authorize', apiUrl.replace(/\/?$/, '/')).href }),
  });

  async function begin(response: Response): Promise<void> {
    const url = await provider.generateInstallUrl({ scopes: [...requiredScopes, ...optionalScopes], redirectUri });
    response.cookie(COOKIE, new URL(url).searchParams.get('state') ?? '', { ...cookie, maxAge: STATE_LASTS_S * 1000 });
    response.set('cache-control', 'no-store').redirect(302, url);
  }

  async function take(granted: Installation | OrgInstallation): Promise<InstallResult> {
    if (granted.isEnterpriseInstall === true) return { end: 'organisation' };
    const parsed = grantedSchema.safeParse(granted);
    if (!parsed.success)
      return {
        end: 'slack-refused',
        reason: `Slack's answer lacks ${parsed.error.issues.map((issue) => issue.path.join('.')).join(' and ')}`,
      };
    const { team, user, bot } = parsed.data;
    const name = team.name ?? team.id;
    try {
      return { end: await onGranted({ team: team.id, name, token: bot.token, by: user.id }), team: team.id, name };
    } catch (error) {
      // The library would take a fault of ours for one of Slack.
      if (error instanceof StoreUnavailable) throw error;
      log.error({ error }, 'an install could not be stored');
      return { end: 'failed' };
    }
  }

  function finish(response: Response, end: InstallResult): void {
    const { status, html } = installPage(end, command());
    if (end.end === 'installed') log.info({ team: end.team }, 'the app was installed in a Slack workspace');
    else log.warn(end, 'the app was not installed in a Slack workspace');
    response.removeHeader('set-cookie');
    response.clearCookie(COOKIE, cookie);
    // The address holds the code: nobody is to be told it, and nothing of it runs.
    response.set({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    response.status(status).type('html').send(html);
  }

  return (app) => {
    app.get(INSTALL_PATH, (_request, response) => begin(response));
    app.get(REDIRECT_PATH, (request, response) =>
      provider.handleCallback(request, response, {
        afterInstallation: async (granted) => {
          finish(response, await take(granted));
          return false;
        },
        failure: (error) => finish(response, endOf(error)),
      }),
    );
  };
}
