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
  apifreaks: 'APIFreaks',
  apify: 'Apify',
  apollo: 'Apollo.io',
  bettercontact: 'BetterContact',
  'beyond-presence': 'Beyond Presence',
  'black-forest-labs': 'Black Forest Labs',
  boldsign: 'BoldSign',
  'boldsign-credits': 'BoldSign, credits of the plan',
  brevo: 'Brevo',
  clado: 'Clado',
  cloudconvert: 'CloudConvert',
  convertapi: 'ConvertAPI',
  crustdata: 'Crustdata',
  currencyapi: 'currencyapi',
  'd-id': 'D-ID',
  deepl: 'DeepL API',
  deepseek: 'DeepSeek',
  didww: 'DIDWW',
  digitalocean: 'DigitalOcean',
  dropcontact: 'Dropcontact',
  edges: 'Edges',
  elevenlabs: 'ElevenLabs',
  emailable: 'Emailable',
  evomi: 'Evomi Scraper',
  fal: 'fal',
  featherless: 'Featherless.ai',
  firecrawl: 'Firecrawl',
  fullenrich: 'FullEnrich',
  hedra: 'Hedra',
  heygen: 'HeyGen',
  hubspot: 'HubSpot',
  hunter: 'Hunter',
  hyperbrowser: 'Hyperbrowser',
  imagerouter: 'ImageRouter',
  'inference-sh': 'inference.sh',
  instantly: 'Instantly',
  ipinfo: 'IPinfo',
  kickbox: 'Kickbox',
  leonardo: 'Leonardo.Ai',
  linkup: 'Linkup',
  lmnt: 'LMNT',
  lokalise: 'Lokalise',
  luma: 'Luma AI',
  lusha: 'Lusha',
  meshy: 'Meshy',
  messagebird: 'MessageBird',
  namsor: 'NamSor',
  northflank: 'Northflank',
  novita: 'Novita AI',
  octave: 'Octave',
  openregister: 'OpenRegister',
  openrouter: 'OpenRouter',
  'openrouter-key': 'OpenRouter, one key',
  'pdf-co': 'PDF.co',
  pdfshift: 'PDFShift',
  range: 'Range',
  recraft: 'Recraft',
  'remove-bg': 'remove.bg',
  resend: 'Resend',
  'rev-ai': 'Rev AI',
  rocketreach: 'RocketReach',
  runway: 'Runway',
  scrapegraphai: 'ScrapeGraphAI',
  sendgrid: 'Twilio SendGrid',
  seven: 'seven.io',
  tavily: 'Tavily',
  telnyx: 'Telnyx',
  topaz: 'Topaz Labs',
  typesense: 'Typesense Cloud',
  wavespeed: 'WaveSpeedAI',
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
