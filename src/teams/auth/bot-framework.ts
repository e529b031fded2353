import { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { err, ok } from '../../core/result.ts';
import { proxyFor } from '../../outbound/proxy.ts';
import type { TokenCheck } from './verify-request.ts';
import { MICROSOFT, type CloudAuthorities, type CloudAuthority } from './clouds.ts';
import { cloudOf } from './service-url.ts';

const CHECK_WITHIN_MS = 5000;

/**
 * Creates the check of the tokens of incoming requests, with Microsoft's Bot Framework SDK. Only this part of the SDK is used, and only
 * here: it is no longer developed, and its client retries by itself, hides rejections and drops targeted messages (docs/decisions/0016).
 * Its successor will be used here.
 *
 * @param clouds other authorities with keys of their own, for tests
 */
export function createTokenCheck(appId: string, clouds: CloudAuthorities = MICROSOFT): TokenCheck {
  const checks = { public: checkIn(clouds.public, appId), government: checkIn(clouds.government, appId) };
  return async (authorization, { serviceUrl }) => {
    const cloud = cloudOf(serviceUrl);
    if (cloud === null) return err('refused');
    try {
      const { claimsIdentity } = await within(CHECK_WITHIN_MS, checks[cloud].authenticateRequest(activityFrom(serviceUrl), authorization));
      // The library also accepts tokens of emulators and other bots, which are not served here.
      return claimsIdentity.getClaimValue('iss') === clouds[cloud].issuer ? ok(undefined) : err('refused');
    } catch (error) {
      return err(isRefusal(error) ? 'refused' : 'unavailable');
    }
  };
}

function checkIn({ issuer, openIdMetadata, audience, login }: CloudAuthority, appId: string): ConfigurationBotFrameworkAuthentication {
  // Used only for the ID that a token must name. Our own tokens come from elsewhere, so the kind of app and its secret do not matter here.
  const bot = new ConfigurationServiceClientCredentialFactory({ MicrosoftAppId: appId });
  return new ConfigurationBotFrameworkAuthentication(
    {
      ValidateAuthority: true,
      ToBotFromChannelTokenIssuer: issuer,
      ToBotFromChannelOpenIdMetadataUrl: openIdMetadata,
      // A token that claims to be an emulator's is checked against the same keys, and fails.
      ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadata,
      ToChannelFromBotOAuthScope: audience,
      ToChannelFromBotLoginUrl: login,
    },
    bot,
    undefined,
    undefined,
    proxied(openIdMetadata),
  );
}

/**
 * Returns the proxy through which the library fetches Microsoft's keys. The library builds `http://<host>:<port>`, so the user and password
 * are passed as a part of the host.
 */
function proxied(url: string): { readonly proxySettings: { readonly host: string; readonly port: number } } | undefined {
  const proxy = proxyFor(new URL(url));
  if (proxy === null) return undefined;
  const { username, password, hostname, port, protocol } = new URL(proxy);
  const host = username === '' ? hostname : `${username}:${password}@${hostname}`;
  return { proxySettings: { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) } };
}

/**
 * Builds the activity for the check. The library reads only its channel, which must be Teams, and its service URL, which the token must
 * name too.
 */
function activityFrom(serviceUrl: string): Parameters<ConfigurationBotFrameworkAuthentication['authenticateRequest']>[0] {
  const nobody = { id: '', name: '' };
  return {
    type: 'message',
    channelId: 'msteams',
    serviceUrl,
    from: nobody,
    recipient: nobody,
    conversation: { id: '', name: '', isGroup: false, conversationType: '' },
    localTimezone: '',
    callerId: '',
    text: '',
    label: '',
    valueType: '',
    listenFor: [],
  };
}

/**
 * Whether the token was rejected, and not Microsoft's keys unavailable: by the library's own 401, or by an error of jsonwebtoken about a
 * malformed token or a wrong signature.
 */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('statusCode' in error) return error.statusCode === 401;
  return ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError', 'SyntaxError', 'TypeError'].includes(error.name);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('took too long')), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
