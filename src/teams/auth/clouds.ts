import type { Cloud } from './service-url.ts';

/** Who signs what arrives from a cloud and where their keys are published; what our own tokens are for and who gives them. */
export type CloudAuthority = {
  readonly issuer: string;
  readonly openIdMetadata: string;
  readonly audience: string;
  readonly login: string;
};
export type CloudAuthorities = Readonly<Record<Cloud, CloudAuthority>>;

/** learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, and the same of Azure Government. */
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
