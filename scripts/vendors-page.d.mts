import type { Preset } from '../src/core/vendors/preset.ts';
import type { Vendor } from '../src/core/vendors/vendor.ts';
export function vendorsPage(presets: readonly Preset[], vendors: readonly Vendor[]): string;
