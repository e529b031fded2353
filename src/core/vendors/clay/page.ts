import type { Vendor } from '../vendor.ts';

/** Clay shows what is left of a workspace's credits under "Plans & billing"; its page "Credit usage" lists what each table used. */
export const clay: Vendor = {
  source: 'clay',
  name: 'Clay',
  recognisedBy: 'name',
  meters: {
    clay_credits: {
      label: 'Clay Credits',
      unit: 'credits',
      aliases: ['Credits', 'Data credits'],
      consequence: 'Enrichments in Clay stop.',
    },
    clay_actions: { label: 'Clay Actions', unit: 'actions', aliases: ['Actions'], consequence: 'Actions in Clay stop.' },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://university.clay.com/docs/actions-data-credits',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['renews', 'next billing', 'members', 'rows'],
    pairsAre: 'used',
    alone: [
      { label: 'Credits remaining', meter: 'clay_credits', is: 'remaining' },
      { label: 'Remaining credits', meter: 'clay_credits', is: 'remaining' },
      { label: 'Credits left', meter: 'clay_credits', is: 'remaining' },
      { label: 'Total credits used', meter: 'clay_credits', is: 'used' },
      { label: 'Actions remaining', meter: 'clay_actions', is: 'remaining' },
    ],
  },
};
