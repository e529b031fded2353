import ipaddr from 'ipaddr.js';

/** Which proxies requests go through, by the protocol of what is asked, and which hosts go without. As URLs; null for none. */
export type Proxies = { readonly http: string | null; readonly https: string | null; readonly no: string };

const NONE: Proxies = { http: null, https: null, no: '' };
let chosen: Proxies = NONE;

/** Says once, as the process begins, how it reaches the world. Requests to the service of this machine's own command line never ask. */
export function useProxies(proxies: Proxies): void {
  chosen = proxies;
}

/** The proxy that a request to this address goes through; null for none. It is the operator's choice, and may have any address. */
export function proxyFor(url: URL, proxies: Proxies = chosen): string | null {
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  const proxy = isSecure ? proxies.https : proxies.http;
  return proxy === null || isExempt(url, isSecure, proxies.no) ? null : proxy;
}

/** As curl and most others read NO_PROXY: `*`, names with all that is below them, addresses, ranges of them; each with a port or without. */
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
