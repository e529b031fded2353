import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { proxyFor } from './proxy.ts';

/** Shorter than the keep-alive time of servers, so that no request uses a connection that the server is closing. */
const IDLE_MS = 4_000;
/** As long as the longest request may take: a later connection would be useless. */
const CONNECT_MS = 5_000;

const KEPT = { keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS, connect: { timeout: CONNECT_MS } };
const direct = new Agent(KEPT);
const proxies = new Map<string, ProxyAgent>();

/** Returns the connection pool for a URL: through the proxy configured for it, or direct. */
export function dispatcherFor(url: URL): Dispatcher {
  return through(url, url.protocol === 'https:');
}

/** For WebSockets, whose address is known only when they connect. Through a proxy they always use a tunnel. */
export function socketDispatcher(): Dispatcher {
  return direct.compose(() => (options, handler) => through(new URL(String(options.origin)), true).dispatch(options, handler));
}

/** Returns a dispatcher for a single request, which ends it. `directly` configures the connection without a proxy. */
export function ownDispatcher(url: URL, directly: Agent.Options): Dispatcher {
  const proxy = proxyFor(url);
  return proxy === null ? new Agent(directly) : proxyAgent(proxy, url.protocol === 'https:');
}

function through(url: URL, tunnel: boolean): Dispatcher {
  const proxy = proxyFor(url);
  if (proxy === null) return direct;
  const key = `${String(tunnel)} ${proxy}`;
  const agent = proxies.get(key) ?? proxyAgent(proxy, tunnel);
  proxies.set(key, agent);
  return agent;
}

function proxyAgent(proxy: string, proxyTunnel: boolean): ProxyAgent {
  const { protocol, host, username, password } = new URL(proxy);
  // Built here, because the library ignores a user name without a password.
  const token = username === '' && password === '' ? undefined : basicAuthorization(username, password);
  return new ProxyAgent({ ...KEPT, uri: `${protocol}//${host}`, proxyTunnel, ...(token !== undefined && { token }) });
}

/** Returns the `Authorization` header for the user name and password of a URL. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}
