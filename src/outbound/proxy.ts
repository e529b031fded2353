import ipaddr from 'ipaddr.js';

/** The proxy URLs by protocol of the request, null for none; and the hosts that need no proxy. */
export type Proxies = { readonly http: string | null; readonly https: string | null; readonly no: string };

const NONE: Proxies = { http: null, https: null, no: '' };
let chosen: Proxies = NONE;

/** Sets the proxies, once when the process starts. Requests of the command line to the local service use none. */
export function useProxies(proxies: Proxies): void {
  chosen = proxies;
}

/** Returns the proxy for a URL; null for none. The operator chose it, so it may have any address. */
export function proxyFor(url: URL, proxies: Proxies = chosen): string | null {
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  const proxy = isSecure ? proxies.https : proxies.http;
  return proxy === null || isExempt(url, isSecure, proxies.no) ? null : proxy;
}

/** Applies NO_PROXY as curl and most programs do: `*`, names with their subdomains, addresses, ranges; each with or without a port. */
function isExempt(url: URL, isSecure: boolean, list: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const port = url.port === '' ? (isSecure ? '443' : '80') : url.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInRange(host, entry);
      const [, name = '', ofPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(ipaddr.isValid(entry) ? `[${entry}]` : entry) ?? [];
      const bare = name.replace(/^\*?\./, '');
      return (ofPort === undefined || ofPort === port) && (host === bare || host.endsWith(`.${bare}`));
    });
}

function isInRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false;
  const [address, [network, bits]] = [ipaddr.process(host), ipaddr.parseCIDR(range)];
  return address.kind() === network.kind() && address.match(network, bits);
}
