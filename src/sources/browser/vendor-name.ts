import ipaddr from 'ipaddr.js';
import { isTokenLike } from './secret-text.ts';

/** Parts of host names that say what a machine is for, and not whose it is. */
const PURPOSES = new Set(
  'www api apis app apps web dashboard console portal admin backend gateway graphql my account accounts billing public platform cloud v1 v2 v3 prod production eu us'.split(
    ' ',
  ),
);
/** Second-level names of countries: `acme.co.uk`. */
const SECOND_LEVEL = new Set('co com net org gov ac edu or ne'.split(' '));

const UNNAMED = 'vendor';
const LONGEST = 40;

/** Returns a short name for the vendor behind a host: `acme` for `api.eu.acme.co.uk`. Not a registered domain, only a name. */
export function vendorName(hostname: string): string {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return UNNAMED;
  const labels = host.split('.').filter((label) => label !== '');
  const [country = '', second = ''] = labels.toReversed();
  const isSecondLevel = labels.length > 2 && country.length === 2 && SECOND_LEVEL.has(second);
  const own = labels.slice(0, labels.length === 1 ? 1 : isSecondLevel ? -2 : -1).toReversed();
  const name = own.find((label) => !PURPOSES.has(label) && !isTokenLike(label)) ?? own.find((label) => !isTokenLike(label)) ?? UNNAMED;
  return name.replace(/[^a-z0-9-]+/g, '').slice(0, LONGEST) || UNNAMED;
}
