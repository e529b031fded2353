import type { Vendor } from '../vendor.ts';

/** Bolt.new says below its prompt what is left of the month's tokens, rounded: `8.0M monthly tokens remaining`. */
export const bolt: Vendor = {
  source: 'bolt',
  name: 'Bolt',
  recognisedBy: null,
  meters: {
    monthly_tokens: {
      label: 'Bolt Monthly Tokens',
      unit: 'tokens',
      aliases: ['Monthly tokens'],
      consequence: 'Prompts wait until the next month.',
    },
  },
  page: {
    url: null,
    confidence: 'reported',
    docs: 'https://github.com/stackblitz/core/issues/3923',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['switch to pro', 'subscribe to pro'],
    pairsAre: 'used',
    alone: [
      { label: 'monthly tokens remaining.', meter: 'monthly_tokens', is: 'remaining' },
      { label: 'monthly tokens remaining', meter: 'monthly_tokens', is: 'remaining' },
    ],
  },
};
