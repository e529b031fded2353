import { hostPattern } from '../core/address.ts';

/** Asks for access to the hosts of addresses. The browser only shows the question if this is called directly by a click. */
export function requestAccess(addresses: readonly string[]): Promise<boolean> {
  return chrome.permissions.request({ origins: patterns(addresses) });
}

/** Whether the browser allows access to the hosts of all these addresses. */
export function mayAccess(addresses: readonly string[]): Promise<boolean> {
  return chrome.permissions.contains({ origins: patterns(addresses) });
}

/** Gives up the access to all hosts except those of these addresses. */
export async function keepAccess(addresses: readonly string[]): Promise<void> {
  const kept = patterns(addresses);
  const { origins = [] } = await chrome.permissions.getAll();
  const surplus = origins.filter((origin) => !kept.includes(origin));
  if (surplus.length > 0) await chrome.permissions.remove({ origins: surplus });
}

function patterns(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map(hostPattern))];
}
