import { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { z } from 'zod';
import { err, ok } from '../core/result.ts';
import type { TeamsAuthority, TokenFailure } from './authority.ts';
import type { TeamsIdentity } from './identity.ts';
import { cloudOf, type Cloud } from './service-url.ts';

type Registered = Exclude<TeamsIdentity, { kind: 'anonymous' }>;

/** Who signs what arrives from a cloud, where their keys are published, and what our own tokens are for. */
export type CloudAuthority = { readonly issuer: string; readonly openIdMetadata: string; readonly audience: string; readonly login: string };

/** learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, and the same of Azure Government. */
const CLOUDS: Readonly<Record<Cloud, CloudAuthority>> = {
  public: {
    issuer: 'https://api.botframework.com', openIdMetadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    audience: 'https://api.botframework.com', login: 'https://login.microsoftonline.com/botframework.com',
  },
  government: {
    issuer: 'https://api.botframework.us', openIdMetadata: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    audience: 'https://api.botframework.us', login: 'https://login.microsoftonline.us/MicrosoftServices.onmicrosoft.us',
  },
};

/** Shorter than a delivery's lease together with the call that the token is for. */
const TOKEN_WITHIN_MS = 4000;
const CHECK_WITHIN_MS = 5000;

/**
 * Tokens in both directions by Microsoft's Bot Framework SDK, of which nothing else is used and which nobody else imports:
 * it is frozen, and its adapter retries by itself, hides refusals from whoever posts and shows errors to whoever asks.
 * When its successor comes, it comes here.
 *
 * @param clouds other than Microsoft's own only in tests, whose keys are their own
 */
export function createBotFramework(identity: Registered, clouds: Readonly<Record<Cloud, CloudAuthority>> = CLOUDS): TeamsAuthority {
  const factory = factoryFor(identity);
  const checks = { public: checkIn(clouds.public, factory), government: checkIn(clouds.government, factory) };
  const credentials = new Map<Cloud, TokenSource>();

  async function credentialsOf(cloud: Cloud): Promise<TokenSource> {
    const known = credentials.get(cloud);
    if (known !== undefined) return known;
    const made = await factory.createCredentials(identity.appId, clouds[cloud].audience, clouds[cloud].login, true);
    if (!isTokenSource(made)) throw new Error('the Bot Framework SDK made credentials that give no token');
    credentials.set(cloud, made);
    return made;
  }

  return {
    async check(authorization, { serviceUrl }) {
      const cloud = cloudOf(serviceUrl);
      if (cloud === null) return err('refused');
      try {
        const { claimsIdentity } = await within(CHECK_WITHIN_MS, checks[cloud].authenticateRequest(activityFrom(serviceUrl), authorization));
        // The library also takes what emulators and other bots sign, with which nobody has to do here.
        return claimsIdentity.getClaimValue('iss') === clouds[cloud].issuer ? ok(undefined) : err('refused');
      } catch (error) {
        return err(isRefusal(error) ? 'refused' : 'unavailable');
      }
    },
    async token(serviceUrl) {
      const cloud = cloudOf(serviceUrl);
      if (cloud === null) return err({ kind: 'refused', reason: 'the service URL is not one of Microsoft' });
      try {
        return ok(await within(TOKEN_WITHIN_MS, credentialsOf(cloud).then((one) => one.getToken())));
      } catch (error) {
        return err(tokenFailure(error));
      }
    },
  };
}

/** Always with a type and an id: without the first the library takes a bot for one of many organisations, without the second it asks nobody. */
function factoryFor(identity: Registered): ConfigurationServiceClientCredentialFactory {
  const ids = { MicrosoftAppId: identity.appId, MicrosoftAppTenantId: identity.tenantId };
  switch (identity.kind) {
    case 'password':
      return new ConfigurationServiceClientCredentialFactory({ ...ids, MicrosoftAppType: 'SingleTenant', MicrosoftAppPassword: identity.password });
    case 'certificate':
      return new ConfigurationServiceClientCredentialFactory({ ...ids, MicrosoftAppType: 'SingleTenant', CertificateThumbprint: identity.thumbprint, CertificatePrivateKey: identity.privateKey });
    case 'managed-identity':
      return new ConfigurationServiceClientCredentialFactory({ ...ids, MicrosoftAppType: 'UserAssignedMsi' });
  }
}

function checkIn({ issuer, openIdMetadata, audience, login }: CloudAuthority, factory: ConfigurationServiceClientCredentialFactory): ConfigurationBotFrameworkAuthentication {
  return new ConfigurationBotFrameworkAuthentication({
    ValidateAuthority: true, ToBotFromChannelTokenIssuer: issuer, ToBotFromChannelOpenIdMetadataUrl: openIdMetadata,
    // What claims to be an emulator's is looked up among the same keys, and not found there.
    ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadata, ToChannelFromBotOAuthScope: audience, ToChannelFromBotLoginUrl: login,
  }, factory);
}

/** Of an activity the library only looks at where it comes from: Teams and no other channel, and the address that the token must name too. */
function activityFrom(serviceUrl: string): Parameters<ConfigurationBotFrameworkAuthentication['authenticateRequest']>[0] {
  const nobody = { id: '', name: '' };
  return {
    type: 'message', channelId: 'msteams', serviceUrl, from: nobody, recipient: nobody,
    conversation: { id: '', name: '', isGroup: false, conversationType: '' },
    localTimezone: '', callerId: '', text: '', label: '', valueType: '', listenFor: [],
  };
}

/** What the library's credentials have beside the interface that they are handed over as. */
type TokenSource = { getToken(): Promise<string> };

function isTokenSource(made: object): made is TokenSource {
  return 'getToken' in made && typeof made.getToken === 'function';
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

/** MSAL's errors carry Microsoft's code for what is wrong; the message may say more than belongs in a log. */
const msalErrorSchema = z.object({ errorCode: z.string(), message: z.string().default('') });
const REFUSALS = ['invalid_client', 'unauthorized_client', 'invalid_grant', 'invalid_request', 'invalid_scope', 'invalid_resource'];

function tokenFailure(error: unknown): TokenFailure {
  const parsed = msalErrorSchema.safeParse(error);
  if (!parsed.success) return { kind: 'away', reason: error instanceof Error ? error.name : 'no reason given' };
  const { errorCode, message } = parsed.data;
  const details = [errorCode, /AADSTS\d+/.exec(message)?.[0]].filter(Boolean).join(', ');
  return { kind: REFUSALS.includes(errorCode) ? 'refused' : 'away', reason: details };
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
