import { parseDraft, parseVendors, type Draft } from '../core/stored.ts';
import type { Vendor } from '../core/vendor.ts';

const VENDORS = 'vendors';
const RUNNING = 'running';
const draftName = (id: string) => `draft ${id}`;

/** Hides the storage from scripts in pages, also from those that run in the name of the extension. */
export async function hideStorage(): Promise<void> {
  for (const area of [chrome.storage.local, chrome.storage.session]) await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}

/** Reads the vendors. They are kept until the person removes them. */
export async function readVendors(): Promise<readonly Vendor[]> {
  return parseVendors((await chrome.storage.local.get(VENDORS))[VENDORS]);
}

export async function writeVendors(vendors: readonly Vendor[]): Promise<void> {
  await chrome.storage.local.set({ [VENDORS]: vendors });
}

/** Reads the text of a vendor that waits to be sent; null if there is none. Texts are kept in memory only. */
export async function readDraft(id: string): Promise<Draft | null> {
  return parseDraft((await chrome.storage.session.get(draftName(id)))[draftName(id)]);
}

/** Keeps the text of a vendor that waits to be sent; null to forget it. */
export async function writeDraft(id: string, draft: Draft | null): Promise<void> {
  if (draft === null) await chrome.storage.session.remove(draftName(id));
  else await chrome.storage.session.set({ [draftName(id)]: draft });
}

/** Reads the id of the vendor that is captured now; null if none is. */
export async function readRunning(): Promise<string | null> {
  const id: unknown = (await chrome.storage.session.get(RUNNING))[RUNNING];
  return typeof id === 'string' ? id : null;
}

export async function writeRunning(id: string | null): Promise<void> {
  await chrome.storage.session.set({ [RUNNING]: id });
}

/** Deletes all that is stored. */
export async function clearStorage(): Promise<void> {
  await chrome.storage.local.clear();
  await chrome.storage.session.clear();
}
