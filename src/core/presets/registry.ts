import { abmatic } from './abmatic.ts';
import { abyssale } from './abyssale.ts';
import { apollo } from './apollo.ts';
import { elevenlabs } from './elevenlabs.ts';
import { firecrawl } from './firecrawl.ts';
import { hunter } from './hunter.ts';
import { lusha } from './lusha.ts';
import { octave } from './octave.ts';
import { openrouter } from './openrouter.ts';
import type { Preset } from './preset.ts';

/** Every vendor that needs no more than a key. A new one is one file, one entry here and a sample in the tests. */
export const presets: readonly Preset[] = [abmatic, abyssale, apollo, elevenlabs, firecrawl, hunter, lusha, octave, openrouter];
