import { abmatic } from './abmatic/meters.ts';
import type { Vendor } from './vendor.ts';

/** Every vendor with a catalogue. A new one is one file and one entry here. */
export const vendors: readonly Vendor[] = [abmatic];

export function vendorOf(source: string): Vendor | null {
  return vendors.find((vendor) => vendor.source === source) ?? null;
}
