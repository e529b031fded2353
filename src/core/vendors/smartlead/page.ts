import type { Vendor } from '../vendor.ts';

/** Smartlead counts the leads that a plan holds, which do not reset, and the e-mails that it sends, which do each month. */
export const smartlead: Vendor = {
  source: 'smartlead',
  name: 'Smartlead',
  recognisedBy: 'name',
  meters: {
    active_leads: {
      label: 'Smartlead Active Leads',
      unit: 'leads',
      aliases: ['Active leads', 'Lead credits'],
      consequence: 'No leads can be uploaded until some are deleted.',
    },
    email_credits: {
      label: 'Smartlead Email Credits',
      unit: 'emails',
      aliases: ['Email credits', 'Emails'],
      consequence: 'Campaigns stop sending until the next month.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://helpcenter.smartlead.ai/en/articles/392-managing-lead-credits-and-email-credits-quota-in-smartlead',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['renews', 'next billing'],
    pairsAre: 'used',
    alone: [
      { label: 'Active leads used', meter: 'active_leads', is: 'used' },
      { label: 'Email credits used', meter: 'email_credits', is: 'used' },
    ],
  },
};
