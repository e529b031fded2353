import { z } from 'zod';

type Answer = Readonly<Record<string, unknown>>;

export const CLIENT = { id: '1234567890.0987654321', secret: 'client-secret-of-the-tests' };

const exchangeSchema = z.object({ client_id: z.string(), client_secret: z.string(), code: z.string(), redirect_uri: z.string() });

/** Who let the app into which workspace, and the tokens that came of it (docs.slack.dev/reference/methods/oauth.v2.access). */
export class Installs {
  readonly #codes = new Map<string, { team: string; redirectUri: string; organisation: boolean; used: boolean }>();
  readonly #teams = new Map<string, string>();
  readonly #dead = new Map<string, string>();

  /** Somebody allows what the authorize page asked for: the code that Slack sends their browser back with. */
  allow({
    team,
    redirectUri,
    organisation = false,
  }: {
    readonly team: string;
    readonly redirectUri: string;
    readonly organisation?: boolean;
  }): string {
    const code = `code-${String(this.#codes.size + 1)}-of-${team}`;
    this.#codes.set(code, { team, redirectUri, organisation, used: false });
    return code;
  }

  exchange(args: unknown): Answer {
    const asked = exchangeSchema.safeParse(args);
    if (!asked.success) return { ok: false, error: 'invalid_arguments' };
    const { client_id: id, client_secret: secret, code, redirect_uri: redirectUri } = asked.data;
    if (id !== CLIENT.id) return { ok: false, error: 'invalid_client_id' };
    if (secret !== CLIENT.secret) return { ok: false, error: 'bad_client_secret' };
    const grant = this.#codes.get(code);
    if (grant === undefined) return { ok: false, error: 'invalid_code' };
    if (grant.used) return { ok: false, error: 'code_already_used' };
    if (grant.redirectUri !== redirectUri) return { ok: false, error: 'bad_redirect_uri' };
    grant.used = true;
    const token = `xoxb-${String(this.#teams.size + 1)}-granted-to-${grant.team}`;
    this.#teams.set(token, grant.team);
    return {
      ok: true,
      app_id: 'A0FAKE',
      authed_user: { id: 'U0INSTALLER' },
      scope: 'commands,chat:write',
      token_type: 'bot',
      access_token: token,
      bot_user_id: 'U0BOT',
      team: grant.organisation ? null : { id: grant.team, name: `Fake <${grant.team}>` },
      enterprise: grant.organisation ? { id: 'E0FAKE', name: 'Fake Org' } : null,
      is_enterprise_install: grant.organisation,
    };
  }

  /** What calls with a workspace's tokens of now are answered from now on: it was removed there, or the token revoked. */
  end(team: string, error: 'account_inactive' | 'token_revoked' | 'invalid_auth'): void {
    for (const [token, of] of this.#teams) if (of === team) this.#dead.set(token, error);
  }

  /** Why Slack does not take a token; null when it does. */
  refusal(token: string): string | null {
    return this.#dead.get(token) ?? null;
  }

  /** The workspace that a token was given for; of any other it is the fake's own. */
  teamOf(token: string): string {
    return this.#teams.get(token) ?? 'T0FAKE';
  }
}
