import type { Vendor } from '../vendor.ts';

/** LeadIQ shows the standard and premium credits that a person has left this month, and when they are refreshed. */
export const leadiq: Vendor = {
  source: 'leadiq',
  name: 'LeadIQ',
  recognisedBy: 'name',
  meters: {
    standard_credits: {
      label: 'LeadIQ Standard Credits',
      unit: 'credits',
      aliases: ['Standard credits'],
      consequence: 'Captures in LeadIQ stop until the credits are refreshed.',
    },
    premium_credits: {
      label: 'LeadIQ Premium Credits',
      unit: 'credits',
      aliases: ['Premium credits'],
      consequence: 'Mobile numbers in LeadIQ stop until the credits are refreshed.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://leadiqhelp.zendesk.com/hc/en-us/articles/6180464298523-Checking-Your-Credit-Usage',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['refresh', 'will be refreshed', 'credits will be refreshed', 'next refresh'],
    pairsAre: 'remaining',
    alone: [
      { label: 'Current Standard Credits', meter: 'standard_credits', is: 'remaining' },
      { label: 'Standard Credits remaining', meter: 'standard_credits', is: 'remaining' },
      { label: 'Premium Credits', meter: 'premium_credits', is: 'remaining' },
      { label: 'Current Premium Credits', meter: 'premium_credits', is: 'remaining' },
      { label: 'Premium Credits remaining', meter: 'premium_credits', is: 'remaining' },
    ],
  },
};
