import type { Vendor } from '../vendor.ts';

/** A drive has two allowances a month, shared by its editors: media minutes (also called media hours) and AI credits. */
export const descript: Vendor = {
  source: 'descript',
  name: 'Descript',
  recognisedBy: 'name',
  meters: {
    media_minutes: {
      label: 'Descript Media Minutes',
      unit: 'minutes',
      aliases: ['Media minutes'],
      consequence: 'Uploads and recordings stop until the next month.',
    },
    ai_credits: {
      label: 'Descript AI Credits',
      unit: 'credits',
      aliases: ['AI credits'],
      consequence: 'AI tools stop until the next month.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://help.descript.com/hc/en-us/articles/27841674958221',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['resets', 'usage resets', 'reset date', 'seats', 'editor seats'],
    pairsAre: 'used',
    alone: [
      { label: 'Media minutes used', meter: 'media_minutes', is: 'used' },
      { label: 'Media minutes remaining', meter: 'media_minutes', is: 'remaining' },
      { label: 'AI credits used', meter: 'ai_credits', is: 'used' },
      { label: 'AI credits remaining', meter: 'ai_credits', is: 'remaining' },
    ],
  },
};
