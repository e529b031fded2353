import { abmatic } from './abmatic/preset.ts';
import { abyssale } from './abyssale/preset.ts';
import { apollo } from './apollo/preset.ts';
import { elevenlabs } from './elevenlabs/preset.ts';
import { firecrawl } from './firecrawl/preset.ts';
import { hunter } from './hunter/preset.ts';
import { lusha } from './lusha/preset.ts';
import { octave } from './octave/preset.ts';
import { openrouter } from './openrouter/preset.ts';
import type { Preset } from './preset.ts';

/** Every vendor that needs no more than a key. A new one is one file, one entry here and a sample in the tests. */
export const presets: readonly Preset[] = [abmatic, abyssale, apollo, elevenlabs, firecrawl, hunter, lusha, octave, openrouter];
