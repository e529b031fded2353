import type { Vendor } from '../vendor.ts';

/** HubSpot Credits (once Breeze Intelligence credits), an allowance of the account that resets monthly. The preset `hubspot` counts API calls. */
export const hubspotCredits: Vendor = {
  source: 'hubspot-credits',
  name: 'HubSpot Credits',
  recognisedBy: 'name',
  meters: {
    hubspot_credits: {
      label: 'HubSpot Credits',
      unit: 'credits',
      aliases: ['Credits', 'Breeze Intelligence credits'],
      consequence: 'Breeze agents and workflow actions pause, or are charged.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://knowledge.hubspot.com/account-management/understand-hubspot-credits-and-billing',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['resets', 'reset date', 'next usage period', 'maximum monthly'],
    pairsAre: 'used',
    alone: [
      { label: 'HubSpot Credits used', meter: 'hubspot_credits', is: 'used' },
      { label: 'Credits used', meter: 'hubspot_credits', is: 'used' },
      { label: 'Credits remaining', meter: 'hubspot_credits', is: 'remaining' },
      { label: 'Monthly credit limit', meter: 'hubspot_credits', is: 'total' },
    ],
  },
};
