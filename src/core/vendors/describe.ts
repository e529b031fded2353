import type { Meter, MeterDetails } from '../meters/meter.ts';
import { vendorOf } from './registry.ts';

type Description = Pick<Meter, 'label' | 'unit' | 'decimals' | 'aliases' | 'consequence'>;

/** Returns the description of a new meter: the given details, else those of the preset, else its key made readable. */
export function describeMeter(source: string, key: string, said: MeterDetails): Description {
  const known = vendorOf(source)?.meters[key];
  return {
    label: said.label ?? known?.label ?? readable(key),
    unit: said.unit ?? known?.unit ?? '',
    decimals: said.decimals ?? known?.decimals ?? 0,
    aliases: said.aliases ?? known?.aliases ?? [],
    consequence: said.consequence ?? known?.consequence ?? null,
  };
}

/** Returns the key of a meter for another name of the vendor: `pdl_contacts` is `abmatic_contacts`. */
export function canonicalMeter(source: string, key: string): string {
  const meters = vendorOf(source)?.meters;
  if (meters === undefined || Object.hasOwn(meters, key)) return key;
  return Object.entries(meters).find(([, details]) => details.aliases?.includes(key))?.[0] ?? key;
}

/** `apollo_contacts` as `Apollo Contacts`. */
function readable(key: string): string {
  const words = key.split(/[_\-.\s]+/).filter((word) => word !== '');
  return words.length === 0 ? key : words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
