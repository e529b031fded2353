import { abmatic as vendor } from './meters.ts';
import type { Preset } from '../preset.ts';

/** There is no public endpoint. This reads the format of the operator's own endpoint: `account.api_credits.<key>.{used,total}`. */
export const abmaticPreset: Preset = {
  name: 'abmatic',
  label: vendor.name,
  docs: 'docs/sources.md',
  method: 'GET',
  url: null,
  key: null,
  ratePerMinute: null,
  meters: Object.fromEntries(
    Object.entries(vendor.meters).map(([key, details]) => {
      const names = [key, ...(details.aliases ?? []).filter((alias) => !alias.includes(' '))];
      const at = (field: string) => `account.api_credits.(${names.map((name) => `$exists(${name}) ? ${name}.${field}`).join(' : ')})`;
      return [key, { ...details, optional: true, used: at('used'), total: at('total') }];
    }),
  ),
};
