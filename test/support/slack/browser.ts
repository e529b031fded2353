import type { ConnectedSlack } from './hand-over.ts';
import { PUBLIC_URL } from './hand-over.ts';

export type Page = { readonly status: number; readonly html: string; readonly headers: Headers };

/** A browser that installs the app: it keeps the cookies of the service, which it reaches at `PUBLIC_URL`, and stands before Slack's authorize page. */
export class Browser {
  readonly #app: { readonly url: string };
  readonly #slack: ConnectedSlack;
  #cookies = new Map<string, string>();

  constructor(slack: ConnectedSlack, app: { readonly url: string }) {
    this.#slack = slack;
    this.#app = app;
  }

  /** Opens the address that `start` prints, and ends before Slack's page: what that was asked. */
  async begin(): Promise<{ readonly authorize: URL; readonly setCookie: string }> {
    const response = await this.#get(`${PUBLIC_URL}/slack/install`);
    if (response.status !== 302) throw new Error(`HTTP ${String(response.status)}`);
    return { authorize: new URL(response.headers.get('location') ?? ''), setCookie: response.headers.get('set-cookie') ?? '' };
  }

  /** Presses Allow there, for a workspace, and follows Slack back. */
  async allow(
    authorize: URL,
    { team = 'T0FAKE', organisation = false }: { readonly team?: string; readonly organisation?: boolean } = {},
  ): Promise<Page> {
    const redirectUri = authorize.searchParams.get('redirect_uri') ?? '';
    return this.back(authorize, { code: this.#slack.installs.allow({ team, redirectUri, organisation }) });
  }

  /** Comes back from Slack with what it says; null for the state leaves it out. */
  async back(authorize: URL, said: Readonly<Record<string, string>>, state = authorize.searchParams.get('state')): Promise<Page> {
    const address = new URL(authorize.searchParams.get('redirect_uri') ?? '');
    address.search = new URLSearchParams({ ...said, ...(state === null ? {} : { state }) }).toString();
    const response = await this.#get(address.href);
    return { status: response.status, html: await response.text(), headers: response.headers };
  }

  /** Comes back with a state that was not begun here, although the cookie says so. */
  async backWith(state: string): Promise<Page> {
    const { authorize } = await this.begin();
    for (const name of this.#cookies.keys()) this.#cookies.set(name, state);
    authorize.searchParams.set('state', state);
    return this.allow(authorize);
  }

  async install(team?: string): Promise<Page> {
    return this.allow((await this.begin()).authorize, team === undefined ? {} : { team });
  }

  async #get(address: string): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address.replace(PUBLIC_URL, this.#app.url), { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

/** The text of a page as it is read. */
export function readable({ html }: Page): string {
  return html
    .replace(/^[^]*?<h1>/, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_, sign: string) => String.fromCharCode(Number(sign)))
    .replace(/\n+/g, '\n')
    .trim();
}
