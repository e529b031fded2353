/** The identity of the bot at Microsoft. `anonymous` is for a local emulator: tokens are neither checked nor sent. */
export type TeamsIdentity =
  | { readonly kind: 'password'; readonly appId: string; readonly tenantId: string; readonly password: string }
  | {
      readonly kind: 'certificate';
      readonly appId: string;
      readonly tenantId: string;
      /** The certificate of the key, then its issuers, in PEM. */ readonly certificates: string;
      readonly privateKey: string;
      /** SHA-256 of the first certificate, in hex. */ readonly thumbprint: string;
    }
  | {
      readonly kind: 'managed-identity';
      readonly appId: string;
      readonly tenantId: string;
      /** The file in which Kubernetes stores the token of the identity. Null if the machine itself is asked. */ readonly federatedTokenFile:
        string | null;
    }
  | { readonly kind: 'anonymous' };

/** An identity that is registered at Microsoft. */
export type Registered = Exclude<TeamsIdentity, { kind: 'anonymous' }>;

/** Returns the ID of the bot in Teams. */
export function botId(identity: TeamsIdentity): string {
  return identity.kind === 'anonymous' ? '28:anonymous' : `28:${identity.appId}`;
}
