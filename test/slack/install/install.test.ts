import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../../src/http/server.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { createInstallRoutes, type InstallOptions } from '../../../src/slack/install/routes.ts';
import { startFakeSlack } from '../../support/slack/fake-slack.ts';
import { CLIENT } from '../../support/slack/installs.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

/** The two addresses alone, behind a proxy that serves them at `publicUrl`. */
async function installing(publicUrl: string, parts: Partial<InstallOptions> = {}) {
  const slack = await startFakeSlack();
  onTestFinished(slack.close);
  const log = recordedLog();
  const mount = createInstallRoutes({
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    publicUrl,
    apiUrl: slack.apiUrl,
    useState: async () => true,
    onGranted: async () => 'installed',
    command: () => '/credits',
    log,
    ...parts,
  });
  const http = createHttpServer({ log, mounts: [mount] });
  const listening = await http.listen({ host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.kind);
  onTestFinished(() => http.close());
  const { url } = listening.value;
  const begin = async () => {
    const response = await fetch(`${url}/slack/install`, { redirect: 'manual' });
    return { authorize: new URL(response.headers.get('location') ?? ''), cookie: response.headers.get('set-cookie') ?? '' };
  };
  const finish = async ({ authorize, cookie }: Awaited<ReturnType<typeof begin>>) => {
    const code = slack.installs.allow({ team: 'T0FAKE', redirectUri: authorize.searchParams.get('redirect_uri') ?? '' });
    const response = await fetch(
      `${url}/slack/oauth_redirect?${new URLSearchParams({ code, state: authorize.searchParams.get('state') ?? '' }).toString()}`,
      { headers: { cookie: cookie.split(';')[0] ?? '' } },
    );
    return { status: response.status, html: await response.text(), cookie: response.headers.get('set-cookie') ?? '' };
  };
  return { slack, log, begin, finish };
}

test.each([
  ['https://example.com/credits', 'https://example.com/credits/slack/oauth_redirect', 'Path=/credits/slack', true],
  ['https://credits.example.com', 'https://credits.example.com/slack/oauth_redirect', 'Path=/slack', true],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/slack/oauth_redirect', 'Path=/slack', false],
])(
  'reached at %s, Slack sends people back there, and the cookie goes nowhere else; it is gone at the end',
  async (publicUrl, redirectUri, path, isSecure) => {
    const { begin, finish } = await installing(publicUrl);
    const begun = await begin();
    expect(begun.authorize.searchParams.get('redirect_uri')).toBe(redirectUri);
    expect(begun.cookie.split('; ').filter((part) => !/^(creditwatch-install|Expires)=/.test(part))).toEqual([
      'Max-Age=600',
      path,
      'HttpOnly',
      ...(isSecure ? ['Secure'] : []),
      'SameSite=Lax',
    ]);
    const end = await finish(begun);
    expect(end.status).toBe(200);
    expect(end.html).toContain('<code>/credits subscribe</code>');
    expect(end.cookie).toMatch(new RegExp(`^creditwatch-install=; ${path}; Expires=Thu, 01 Jan 1970`));
  },
);

test.each<[string, Partial<InstallOptions>]>([
  ['that the link was used cannot be remembered', { useState: () => Promise.reject(new StoreUnavailable(null)) }],
  ['the token cannot be stored', { onGranted: () => Promise.reject(new StoreUnavailable(null)) }],
])('while the database is away and %s, the page says so', async (_what, parts) => {
  const { begin, finish, log } = await installing('https://credits.example.com', parts);
  const { status, html } = await finish(await begin());
  expect([status, html]).toEqual([503, expect.stringContaining('<h1>The database cannot be reached</h1>')]);
  expect(html).toContain('<a href="install">Start again</a>');
  expect(log.text()).not.toContain('granted-to');
});

test('a fault of ours is not blamed on Slack, and stands in the log', async () => {
  const { begin, finish, log } = await installing('https://credits.example.com', { onGranted: () => Promise.reject(new Error('a bug')) });
  const { status, html } = await finish(await begin());
  expect([status, html]).toEqual([500, expect.stringContaining('<h1>Creditwatch could not finish the installation</h1>')]);
  expect(log.lines.map(({ level, message }) => `${level}: ${message}`)).toContain('error: failed to store the Slack installation');
});
