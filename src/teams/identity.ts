/** Who the bot is towards Microsoft. `anonymous` is for a local emulator: nobody is asked who they are. */
export type TeamsIdentity =
  | { readonly kind: 'password'; readonly appId: string; readonly tenantId: string; readonly password: string }
  | { readonly kind: 'certificate'; readonly appId: string; readonly tenantId: string; readonly certificate: string; readonly privateKey: string; readonly thumbprint: string }
  | { readonly kind: 'managed-identity'; readonly appId: string; readonly tenantId: string }
  | { readonly kind: 'anonymous' };

/** The bot's own id in Teams. */
export function botId(identity: TeamsIdentity): string {
  return identity.kind === 'anonymous' ? '28:anonymous' : `28:${identity.appId}`;
}
