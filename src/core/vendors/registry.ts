import { abmatic } from './abmatic/meters.ts';
import type { Vendor } from './vendor.ts';

/** The vendors with known meters. */
export const vendors: readonly Vendor[] = [abmatic];

/**
 * The vendors that can be polled with only a key: the name of the vendor by the name of the folder with its `preset.yml`. The files are
 * read only when they are needed (`src/config/presets.ts`).
 */
export const presetLabels = {
  abmatic: abmatic.name,
  abyssale: 'Abyssale',
  ahrefs: 'Ahrefs',
  apify: 'Apify',
  apollo: 'Apollo.io',
  bettercontact: 'BetterContact',
  brevo: 'Brevo',
  crustdata: 'Crustdata',
  'd-id': 'D-ID',
  deepl: 'DeepL API',
  deepseek: 'DeepSeek',
  dropcontact: 'Dropcontact',
  elevenlabs: 'ElevenLabs',
  emailable: 'Emailable',
  fal: 'fal',
  firecrawl: 'Firecrawl',
  fullenrich: 'FullEnrich',
  heygen: 'HeyGen',
  hubspot: 'HubSpot',
  hunter: 'Hunter',
  instantly: 'Instantly',
  kickbox: 'Kickbox',
  lusha: 'Lusha',
  octave: 'Octave',
  openrouter: 'OpenRouter',
  'openrouter-key': 'OpenRouter, one key',
  resend: 'Resend',
  rocketreach: 'RocketReach',
  sendgrid: 'Twilio SendGrid',
  tavily: 'Tavily',
  telnyx: 'Telnyx',
  wistia: 'Wistia',
  'x-api': 'X API',
} as const satisfies Readonly<Record<string, string>>;

export type PresetName = keyof typeof presetLabels;

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presetLabels, name);
}

/** Returns the vendor of a source; null if it is unknown. */
export function vendorOf(source: string): Vendor | null {
  return vendors.find((vendor) => vendor.source === source) ?? null;
}
