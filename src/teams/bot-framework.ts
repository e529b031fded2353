import {
  AuthenticationConfiguration,
  AuthenticationConstants,
  AuthenticationError,
  BotFrameworkAuthenticationFactory,
  CertificateServiceClientCredentialsFactory,
  GovernmentConstants,
  JwtTokenProviderFactory,
  ManagedIdentityServiceClientCredentialsFactory,
  PasswordServiceClientCredentialFactory,
  type AppCredentials,
  type BotFrameworkAuthentication,
  type ServiceClientCredentialsFactory,
} from 'botframework-connector';
import { z } from 'zod';
import { err, ok } from '../core/result.ts';
import type { TeamsAuthority, TokenFailure } from './authority.ts';
import type { TeamsIdentity } from './identity.ts';
import { cloudOf, type Cloud } from './service-url.ts';

/** What the library calls the clouds, and where it asks for tokens. */
const CLOUDS = {
  public: {
    service: '', issuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
    audience: AuthenticationConstants.ToChannelFromBotOAuthScope, login: AuthenticationConstants.ToChannelFromBotLoginUrl,
  },
  government: {
    service: GovernmentConstants.ChannelService, issuer: GovernmentConstants.ToBotFromChannelTokenIssuer,
    audience: GovernmentConstants.ToChannelFromBotOAuthScope, login: GovernmentConstants.ToChannelFromBotLoginUrl,
  },
} as const satisfies Record<Cloud, unknown>;

/** Shorter than a delivery's lease together with the call that the token is for. */
const TOKEN_WITHIN_MS = 4000;
const CHECK_WITHIN_MS = 5000;

/**
 * Tokens in both directions by Microsoft's Bot Framework SDK, of which nothing else is used and which nobody else imports:
 * it is frozen, and its adapter retries by itself, hides refusals from whoever posts and shows errors to whoever asks.
 * When its successor comes, it comes here.
 */
export function createBotFramework(identity: Exclude<TeamsIdentity, { kind: 'anonymous' }>): TeamsAuthority {
  const factory = factoryFor(identity);
  const checks = { public: checkIn('public', factory), government: checkIn('government', factory) };
  const credentials = new Map<Cloud, AppCredentials>();

  async function credentialsOf(cloud: Cloud): Promise<AppCredentials> {
    const known = credentials.get(cloud);
    if (known !== undefined) return known;
    const made = await factory.createCredentials(identity.appId, CLOUDS[cloud].audience, CLOUDS[cloud].login, true);
    if (!isAppCredentials(made)) throw new Error('the Bot Framework SDK made credentials that give no token');
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
        return claimsIdentity.getClaimValue(AuthenticationConstants.IssuerClaim) === CLOUDS[cloud].issuer ? ok(undefined) : err('refused');
      } catch (error) {
        return err(error instanceof AuthenticationError || isTokenFault(error) ? 'refused' : 'unavailable');
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

function factoryFor(identity: Exclude<TeamsIdentity, { kind: 'anonymous' }>): ServiceClientCredentialsFactory {
  const { appId, tenantId } = identity;
  switch (identity.kind) {
    case 'password':
      return new PasswordServiceClientCredentialFactory(appId, identity.password, tenantId);
    case 'certificate':
      // With the thumbprint: without one the library would run an `openssl` of the machine.
      return new CertificateServiceClientCredentialsFactory(appId, identity.thumbprint, identity.privateKey, tenantId, identity.certificate);
    case 'managed-identity':
      return new ManagedIdentityServiceClientCredentialsFactory(appId, new JwtTokenProviderFactory());
  }
}

function checkIn(cloud: Cloud, factory: ServiceClientCredentialsFactory): BotFrameworkAuthentication {
  return BotFrameworkAuthenticationFactory.create(CLOUDS[cloud].service, true, '', '', '', '', '', '', '', factory, new AuthenticationConfiguration());
}

/** Of an activity the library only looks at where it comes from: Teams and no other channel, and the address that the token must name too. */
function activityFrom(serviceUrl: string): Parameters<BotFrameworkAuthentication['authenticateRequest']>[0] {
  const nobody = { id: '', name: '' };
  return {
    type: 'message', channelId: 'msteams', serviceUrl, from: nobody, recipient: nobody,
    conversation: { id: '', name: '', isGroup: false, conversationType: '' },
    localTimezone: '', callerId: '', text: '', label: '', valueType: '', listenFor: [],
  };
}

function isAppCredentials(made: object): made is AppCredentials {
  return 'getToken' in made && typeof made.getToken === 'function';
}

/** What jsonwebtoken says of a token that is no token, or not signed by whom it names. */
function isTokenFault(error: unknown): boolean {
  return error instanceof Error && ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError', 'SyntaxError', 'TypeError'].includes(error.name);
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
