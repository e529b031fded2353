import { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { err, ok } from '../../core/result.ts';
import { proxyFor } from '../../outbound/proxy.ts';
import type { TokenCheck } from './verify-request.ts';
import { MICROSOFT, type CloudAuthorities, type CloudAuthority } from './clouds.ts';
import { cloudOf } from './service-url.ts';

const CHECK_WITHIN_MS = 5000;

/**
 * Checks the tokens of what arrives, by Microsoft's Bot Framework SDK. Nothing else of it runs, and it runs nowhere else: it is frozen,
 * and its client retries by itself, hides refusals and drops targeted messages (docs/decisions/0016). When its successor comes, it
 * comes here.
 *
 * @param clouds other than Microsoft's own only in tests, whose keys are their own
 */
export function createTokenCheck(appId: string, clouds: CloudAuthorities = MICROSOFT): TokenCheck {
  const checks = { public: checkIn(clouds.public, appId), government: checkIn(clouds.government, appId) };
  return async (authorization, { serviceUrl }) => {
    const cloud = cloudOf(serviceUrl);
    if (cloud === null) return err('refused');
    try {
      const { claimsIdentity } = await within(CHECK_WITHIN_MS, checks[cloud].authenticateRequest(activityFrom(serviceUrl), authorization));
      // The library also takes what emulators and other bots sign, with which nobody has to do here.
      return claimsIdentity.getClaimValue('iss') === clouds[cloud].issuer ? ok(undefined) : err('refused');
    } catch (error) {
      return err(isRefusal(error) ? 'refused' : 'unavailable');
    }
  };
}

function checkIn({ issuer, openIdMetadata, audience, login }: CloudAuthority, appId: string): ConfigurationBotFrameworkAuthentication {
  // Asked only which id a token must name: the kind of app and its secret matter to our own tokens, which come from elsewhere.
  const bot = new ConfigurationServiceClientCredentialFactory({ MicrosoftAppId: appId });
  return new ConfigurationBotFrameworkAuthentication(
    {
      ValidateAuthority: true,
      ToBotFromChannelTokenIssuer: issuer,
      ToBotFromChannelOpenIdMetadataUrl: openIdMetadata,
      // What claims to be an emulator's is looked up among the same keys, and not found there.
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

/** How the library fetches Microsoft's keys. It puts both into `http://<host>:<port>`, so the name and the password go with the host. */
function proxied(url: string): { readonly proxySettings: { readonly host: string; readonly port: number } } | undefined {
  const proxy = proxyFor(new URL(url));
  if (proxy === null) return undefined;
  const { username, password, hostname, port, protocol } = new URL(proxy);
  const host = username === '' ? hostname : `${username}:${password}@${hostname}`;
  return { proxySettings: { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) } };
}

/** Of an activity the library only looks at where it comes from: Teams and no other channel, and the address that the token must name too. */
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
 * Whether somebody was refused, rather than Microsoft's keys not to be had: the library's own 401, or what jsonwebtoken says of
 * a token that is no token, or not signed by whom it names.
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
