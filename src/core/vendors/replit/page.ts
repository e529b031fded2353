import type { Vendor } from '../vendor.ts';

/** The overview of Replit's Usage page: Replit AI usage, total remaining, spend and active users, in money. */
export const replit: Vendor = {
  source: 'replit',
  name: 'Replit',
  recognisedBy: 'name',
  meters: {
    credits: {
      label: 'Replit Credits',
      unit: 'USD',
      decimals: 2,
      aliases: ['Credits'],
      consequence: 'Usage is charged, or stops at the usage limit.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://docs.replit.com/teams/observability',
    read: '2026-11-30',
    signedOut: ['log in to your account'],
    notFigures: ['active users', 'spend', 'usage limit', 'replit ai usage', 'billing period'],
    pairsAre: 'used',
    alone: [
      { label: 'Total remaining', meter: 'credits', is: 'remaining' },
      { label: 'Remaining balance', meter: 'credits', is: 'remaining' },
      { label: 'Credits remaining', meter: 'credits', is: 'remaining' },
    ],
  },
};
