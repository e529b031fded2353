import type { Cloud } from './service-url.ts';

/**
 * The authorities of a cloud: the issuer of incoming tokens and where its keys are published; the scope of our own tokens and where they
 * are issued.
 */
export type CloudAuthority = {
  readonly issuer: string;
  readonly openIdMetadata: string;
  readonly audience: string;
  readonly login: string;
};
export type CloudAuthorities = Readonly<Record<Cloud, CloudAuthority>>;

/**
 * Sources: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, and the same page for Azure
 * Government.
 */
export const MICROSOFT: CloudAuthorities = {
  public: {
    issuer: 'https://api.botframework.com',
    openIdMetadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    audience: 'https://api.botframework.com',
    login: 'https://login.microsoftonline.com',
  },
  government: {
    issuer: 'https://api.botframework.us',
    openIdMetadata: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    audience: 'https://api.botframework.us',
    login: 'https://login.microsoftonline.us',
  },
};
