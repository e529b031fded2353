import { lookup as lookupName, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { hostOf } from '../../outbound/host.ts';

/** Resolves a host name: the system's resolver, or another in tests. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Thrown for an address that an outsider must not make us connect to. `host` is `name:port`. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
  readonly host: string;
  readonly address: string;
  constructor(host: string, address: string) {
    super('the address is not public');
    this.host = host;
    this.address = address;
  }
}

export const resolveName: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    lookupName(hostname, { all: true, verbatim: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/**
 * Public addresses of cloud platforms that answer the machine without a key: Azure's WireServer
 * (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16), Equinix Metal's metadata
 * (deploy.equinix.com/developers/docs/metal/server-metadata/metadata), IBM Cloud's private endpoints
 * (cloud.ibm.com/docs/vpc?topic=vpc-service-endpoints-for-vpc).
 */
const PLATFORMS = ['168.63.129.16/32', '192.80.8.124/32', '161.26.0.0/16', '166.8.0.0/14'].map((range) => ipaddr.IPv4.parseCIDR(range));

/**
 * Whether an address belongs to the public internet. Loopback, private, link-local (with the metadata services of most clouds),
 * carrier-grade NAT, unique local, multicast, reserved and cloud platform addresses do not, nor does any IPv6 form of them.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return !PLATFORMS.some((range) => address.match(range));
  // Of IPv6 only 2000::/3 is assigned; unassigned ranges are not the internet.
  return ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}

/**
 * Checks a URL whose host is an address. Names are checked when they are resolved.
 *
 * @throws RefusedAddress
 */
export function checkLiteral(url: URL, isAllowed: boolean): void {
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (!isAllowed && ipaddr.isValid(literal) && !isPublicAddress(literal)) throw new RefusedAddress(hostOf(url), literal);
}

/**
 * Resolves the name of a URL and checks all its addresses.
 *
 * @throws RefusedAddress, or the resolver's error with `code`
 */
export async function checkResolved(url: URL, isAllowed: boolean, resolve: Resolve): Promise<void> {
  if (isAllowed || ipaddr.isValid(url.hostname.replace(/^\[|\]$/g, ''))) return;
  const forbidden = (await resolve(url.hostname)).find(({ address }) => !isPublicAddress(address));
  if (forbidden) throw new RefusedAddress(hostOf(url), forbidden.address);
}

/**
 * Returns the only resolver of a connection. The connection uses the checked address, so a name cannot change its address between
 * the check and the connection.
 */
export function guardedLookup(url: URL, isAllowed: boolean, resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const forbidden = isAllowed ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
        const [first] = addresses;
        if (forbidden) return callback(new RefusedAddress(hostOf(url), forbidden.address), []);
        if (!first) return callback(Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' }), []);
        if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
