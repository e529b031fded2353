/** Who the bot is towards Microsoft. `anonymous` is for a local emulator: nobody is asked who they are. */
export type TeamsIdentity =
  | { readonly kind: 'password'; readonly appId: string; readonly tenantId: string; readonly password: string }
  | {
      readonly kind: 'certificate';
      readonly appId: string;
      readonly tenantId: string;
      /** The one that the key belongs to, then those that vouch for it, in PEM. */ readonly certificates: string;
      readonly privateKey: string;
      /** SHA-256 of the first, in hex. */ readonly thumbprint: string;
    }
  | {
      readonly kind: 'managed-identity';
      readonly appId: string;
      readonly tenantId: string;
      /** Where Kubernetes puts what stands for the identity; null where the machine itself is asked. */ readonly federatedTokenFile:
        string | null;
    }
  | { readonly kind: 'anonymous' };

/** Known to Microsoft. */
export type Registered = Exclude<TeamsIdentity, { kind: 'anonymous' }>;

/** The bot's own id in Teams. */
export function botId(identity: TeamsIdentity): string {
  return identity.kind === 'anonymous' ? '28:anonymous' : `28:${identity.appId}`;
}
