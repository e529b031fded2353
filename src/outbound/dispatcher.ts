import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { proxyFor } from './proxy.ts';

/** Shorter than servers keep a connection that is idle: a request must not go out on one that they are just closing. */
const IDLE_MS = 4_000;
/** As long as the longest request may take: a connection that stands later is of no use to it. */
const CONNECT_MS = 5_000;

const KEPT = { keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS, connect: { timeout: CONNECT_MS } };
const direct = new Agent(KEPT);
const proxies = new Map<string, ProxyAgent>();

/** The connections that a request to this address goes over: those of the proxy that the operator chose for it, or direct ones. */
export function dispatcherFor(url: URL): Dispatcher {
  return through(url, url.protocol === 'https:');
}

/** For WebSockets, whose address is known only when they connect: through a proxy they always need a tunnel. */
export function socketDispatcher(): Dispatcher {
  return direct.compose(() => (options, handler) => through(new URL(String(options.origin)), true).dispatch(options, handler));
}

/** For one request alone, which ends it. `direct` says how it connects where there is no proxy. */
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
  // Said here, since the library leaves out a name without a password.
  const token = username === '' && password === '' ? undefined : basicAuthorization(username, password);
  return new ProxyAgent({ ...KEPT, uri: `${protocol}//${host}`, proxyTunnel, ...(token !== undefined && { token }) });
}

/** The header for a name and a password as they stand in a URL. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}
