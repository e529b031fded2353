import { isDomain } from '../../core/text/domain.ts';

/** An address, in lower case. */
export type Address = { readonly address: string; readonly domain: string };

/** More recipients than a notice has. */
const MOST_ADDRESSES = 100;
const MOST_LENGTH = 10_000;
const LOCAL = String.raw`[^\s<>@,;:()"\\]{1,64}`;
const HOST = '[A-Za-z0-9.-]{1,253}';
const IN_BRACKETS = new RegExp(String.raw`^([^<>,;:()]*)<(${LOCAL})@(${HOST})>$`);
/** A name that no address could be made of, and what is in brackets behind it. */
const PLAIN_NAME = /^([^<>@;:()"\\]*)<[^<>,]*>$/;
const BARE = new RegExp(String.raw`^(${LOCAL})@(${HOST})$`);

/**
 * Reads the one address of a `From` header; null if there may be several, or if it can be read in two ways. In `Acme, Inc. <x@acme.example>`
 * the name should be in quotes and often is not. Without another `@`, bracket or quote, no reader can find a second address in it.
 */
export function senderIn(value: string): Address | null {
  const plain = unquoted(value);
  if (plain === null) return null;
  return addressIn(isPlainName(value) ? plain.replaceAll(',', ' ') : plain);
}

function isPlainName(value: string): boolean {
  const [, name] = PLAIN_NAME.exec(value) ?? [];
  // An encoded word could be an address.
  return name !== undefined && !name.includes('=?');
}

/** Reads the addresses of a `To` or `Cc` header; null if one of them can be read in two ways, or if they are in a group. */
export function recipientsIn(value: string): readonly Address[] | null {
  const plain = unquoted(value);
  if (plain === null) return null;
  const addresses = plain.split(',', MOST_ADDRESSES + 1).map((one) => addressIn(one.trim()));
  const read = addresses.flatMap((one) => one ?? []);
  return read.length < addresses.length || read.length > MOST_ADDRESSES ? null : read;
}

/** Whether an address is on a list of addresses and of domains such as `@vendor.com`. */
export function isListed({ address, domain }: Address, list: readonly string[]): boolean {
  return list.some((one) => one === address || one === `@${domain}`);
}

/** Leaves out quoted display names, which may hold anything, another address too. Null if a quote is left. */
function unquoted(value: string): string | null {
  if (value.length > MOST_LENGTH) return null;
  const plain = value.replaceAll(/"(?:[^"\\]|\\.){0,200}"/g, '').trim();
  return plain.includes('"') ? null : plain;
}

function addressIn(text: string): Address | null {
  const [, name = '', ...inBrackets] = IN_BRACKETS.exec(text) ?? [];
  const [local, host] = inBrackets.length > 0 ? inBrackets : (BARE.exec(text)?.slice(1) ?? []);
  if (local === undefined || host === undefined || !isDomain(host)) return null;
  const address = `${local}@${host}`.toLowerCase();
  // Some programs repeat the address as the name. Another address there could be taken for the real one.
  if (name.includes('@') && name.trim().toLowerCase() !== address) return null;
  return { address, domain: host.toLowerCase() };
}
