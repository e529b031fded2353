import type { Vendor } from '../vendor.ts';

/** Gamma's credits belong to a person: monthly, rolled over and purchased ones together. What is shown is what is left. */
export const gamma: Vendor = {
  source: 'gamma',
  name: 'Gamma',
  recognisedBy: null,
  meters: {
    credits: {
      label: 'Gamma Credits',
      unit: 'credits',
      aliases: ['Credits'],
      consequence: 'The agent and the API stop until more credits are bought.',
    },
  },
  page: {
    url: 'https://gamma.app/settings/billing',
    confidence: 'documented',
    docs: 'https://developers.gamma.app/get-started/access-and-pricing',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['auto-recharge', 'renews', 'rollover limit'],
    pairsAre: 'remaining',
    alone: [
      { label: 'Credits remaining', meter: 'credits', is: 'remaining' },
      { label: 'Credit balance', meter: 'credits', is: 'remaining' },
      { label: 'Remaining credits', meter: 'credits', is: 'remaining' },
    ],
  },
};
