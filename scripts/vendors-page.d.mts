import type { Preset } from '../src/core/vendors/preset.ts';
export function vendorsPage(presets: readonly Preset[]): string;
