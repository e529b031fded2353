import type { Vendor } from '../vendor.ts';

/** The six lines of Abmatic AI's usage page. `pdl_…` are the vendor's own older names for its three data meters. */
export const abmatic: Vendor = {
  source: 'abmatic',
  name: 'Abmatic AI',
  recognisedBy: 'meters',
  contacts: { sales: 'sales@abmatic.ai or your account manager', billing: 'billing@abmatic.ai or your customer success manager' },
  teams: { marketing: ['campaigns', 'open_ai'], sales: ['apollo_contacts', 'abmatic_contacts'] },
  meters: {
    apollo_contacts: { label: 'Apollo Contacts', unit: 'credits', consequence: 'Contact enrichment through Apollo may pause.' },
    campaigns: {
      label: 'Campaigns',
      unit: 'visitors',
      aliases: ['campaign'],
      consequence: 'Personalization campaigns may stop serving visitors.',
    },
    open_ai: {
      label: 'OpenAI Tokens',
      unit: 'tokens',
      aliases: ['Open AI'],
      consequence: 'The AI agents and AI-generated content may pause.',
    },
    abmatic_accounts: {
      label: 'Abmatic Accounts',
      unit: 'credits',
      aliases: ['pdl_accounts'],
      consequence: 'Company look-ups and firmographic enrichment may pause.',
    },
    abmatic_contacts: {
      label: 'Abmatic Contacts',
      unit: 'credits',
      aliases: ['pdl_contacts'],
      consequence: 'Contact data look-ups may pause.',
    },
    abmatic_ip_reveal: {
      label: 'Abmatic IP Reveal',
      unit: 'lookups',
      aliases: ['pdl_ip_reveal'],
      consequence: 'Naming the companies behind anonymous visits may pause.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'docs/figures.md',
    read: '2026-11-30',
    signedOut: [],
    notFigures: [],
    pairsAre: 'used',
    alone: [],
  },
};
