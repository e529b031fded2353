import type { Vendor } from '../vendor.ts';

/** Manus has four kinds of credits, used in this order: daily refresh, monthly, add-on, free. Its page shows what is left of each. */
export const manus: Vendor = {
  source: 'manus',
  name: 'Manus',
  recognisedBy: null,
  meters: {
    credits: { label: 'Manus Credits', unit: 'credits', aliases: ['Credits'], consequence: 'Tasks stop until credits are added.' },
    free_credits: { label: 'Manus Free Credits', unit: 'credits', aliases: ['Free credits'] },
    monthly_credits: { label: 'Manus Monthly Credits', unit: 'credits', aliases: ['Monthly credits'] },
    add_on_credits: { label: 'Manus Add-on Credits', unit: 'credits', aliases: ['Add-on credits'] },
    daily_refresh_credits: { label: 'Manus Daily Refresh Credits', unit: 'credits', aliases: ['Daily refresh credits'] },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://manus.im/docs/introduction/plans',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['refresh to', 'renewal date'],
    pairsAre: 'remaining',
    alone: [
      { label: 'Credits', meter: 'credits', is: 'remaining' },
      { label: 'Current balance', meter: 'credits', is: 'remaining' },
      { label: 'Free credits', meter: 'free_credits', is: 'remaining' },
      { label: 'Monthly credits', meter: 'monthly_credits', is: 'remaining' },
      { label: 'Add-on credits', meter: 'add_on_credits', is: 'remaining' },
      { label: 'Daily refresh credits', meter: 'daily_refresh_credits', is: 'remaining' },
    ],
  },
};
