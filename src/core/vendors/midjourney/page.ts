import type { Vendor } from '../vendor.ts';

/** Midjourney counts hours of fast GPU time, and shows what is left of them: `29.57/30.0 hours (98.58%)`. */
export const midjourney: Vendor = {
  source: 'midjourney',
  name: 'Midjourney',
  recognisedBy: 'name',
  meters: {
    fast_hours: {
      label: 'Midjourney Fast Hours',
      unit: 'hours',
      decimals: 2,
      aliases: ['Fast Time Remaining', 'Fast hours'],
      consequence: 'Only Relax mode is left, in the plans that have it.',
    },
  },
  page: {
    url: 'https://www.midjourney.com/account',
    confidence: 'reported',
    docs: 'https://useapi.net/docs/api-midjourney-v3/post-midjourney-jobs-info',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['lifetime usage', 'relaxed usage', 'queued jobs', 'running jobs', 'renews', 'next bill'],
    pairsAre: 'remaining',
    alone: [
      { label: 'Fast Time Remaining', meter: 'fast_hours', is: 'remaining' },
      { label: 'Fast hours remaining', meter: 'fast_hours', is: 'remaining' },
    ],
  },
};
