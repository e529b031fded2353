import type { Vendor } from '../vendor.ts';

/** Bitly's page "Billing and usage" has the monthly usage of each kind of link. Older plans count redirects of bit.ly and of own domains apart. */
export const bitly: Vendor = {
  source: 'bitly',
  name: 'Bitly',
  recognisedBy: 'name',
  meters: {
    short_links: {
      label: 'Bitly Short Links',
      unit: 'links',
      aliases: ['Short links', 'Links', 'Kurzlinks'],
      consequence: 'No links can be shortened until the next month.',
    },
    custom_back_halves: {
      label: 'Bitly Custom Back-Halves',
      unit: 'links',
      aliases: ['Custom back-halves', 'Individuelle 2. Linkhälften'],
      consequence: 'No back-half can be customized until the next month.',
    },
    link_redirects: {
      label: 'Bitly Link Redirects',
      unit: 'redirects',
      aliases: ['Link redirects', 'Bit.ly link redirects', 'Link-Umleitungen'],
      consequence: 'No links can be redirected until the next month.',
    },
    custom_link_redirects: { label: 'Bitly Custom Link Redirects', unit: 'redirects', aliases: ['Custom link redirects'] },
    qr_codes: {
      label: 'Bitly QR Codes',
      unit: 'codes',
      aliases: ['QR Codes'],
      consequence: 'No QR codes can be made until the next month.',
    },
    api_requests: {
      label: 'Bitly API Requests',
      unit: 'requests',
      aliases: ['API requests', 'API calls', 'API-Anfragen'],
      consequence: 'API requests are refused until the next month.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://support.bitly.com/hc/en-us/articles/11243274022413',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['resets', 'next billing date'],
    pairsAre: 'used',
    alone: [],
  },
};
