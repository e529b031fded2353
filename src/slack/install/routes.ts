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

/** A workspace with the token that Slack issued for it. */
export type Granted = {
  readonly team: string;
  readonly name: string;
  readonly token: string;
  /** The person who installed the app. */ readonly by: string;
};

export type InstallOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The public URL of the service, without a slash at the end. */
  readonly publicUrl: string;
  /** The base URL of the Web API if it is not Slack's. The authorization page is then next to it. */
  readonly apiUrl: string | null;
  readonly useState: UseState;
  /** Stores the token, or returns why not. May throw StoreUnavailable. */
  readonly onGranted: (granted: Granted) => Promise<'installed' | 'other-workspace' | 'unnamed'>;
  /** Returns the name of the slash command. */
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
 * Creates the routes of the installation. `GET /slack/install` redirects the browser to Slack, and Slack redirects it back to `GET
 * /slack/oauth_redirect` with a code for a token (docs.slack.dev/authentication/installing-with-oauth). The library exchanges the code and
 * checks the state. The cookie and the pages are ours, because the library's cookie has no SameSite and its pages name no next step.
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
    // `finish` logs the result, once.
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
    if (granted.isEnterpriseInstall === true) return { end: 'organization' };
    const parsed = grantedSchema.safeParse(granted);
    if (!parsed.success)
      return { end: 'slack-refused', reason: 'incomplete-answer', missing: parsed.error.issues.map((issue) => issue.path.join('.')) };
    const { team, user, bot } = parsed.data;
    const name = team.name ?? team.id;
    try {
      return { end: await onGranted({ team: team.id, name, token: bot.token, by: user.id }), team: team.id, name };
    } catch (error) {
      // The library would report an error of ours as one of Slack.
      if (error instanceof StoreUnavailable) throw error;
      log.error({ error }, 'failed to store the Slack installation');
      return { end: 'failed' };
    }
  }

  function finish(response: Response, end: InstallResult): void {
    const { status, html } = installPage(end, command());
    if (end.end === 'installed') log.info({ team: end.team }, 'Slack app installed');
    else log.warn(end, 'Slack app not installed');
    response.removeHeader('set-cookie');
    response.clearCookie(COOKIE, cookie);
    // The URL contains the code, so it is not sent to other sites and the page runs no script.
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
