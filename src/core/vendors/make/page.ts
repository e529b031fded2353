import type { Vendor } from '../vendor.ts';

/** Make's Subscription page has "used from the total", its dashboard the credits left. Before August 2025, credits were operations. */
export const make: Vendor = {
  source: 'make',
  name: 'Make',
  recognisedBy: null,
  meters: {
    credits: {
      label: 'Make Credits',
      unit: 'credits',
      aliases: ['Credits', 'Operations'],
      consequence: 'Scenarios are paused.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://help.make.com/how-to-track-credits',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['average daily usage', 'usage reset', 'reset date', 'data transfer'],
    pairsAre: 'used',
    alone: [
      { label: 'Credits left', meter: 'credits', is: 'remaining' },
      { label: 'Total credits left', meter: 'credits', is: 'remaining' },
      { label: 'Remaining credits', meter: 'credits', is: 'remaining' },
      { label: 'Total credits used', meter: 'credits', is: 'used' },
      { label: 'Total credits', meter: 'credits', is: 'total' },
    ],
  },
};
