import type { Vendor } from '../vendor.ts';

/** A workspace shares its credits: daily ones of every plan and monthly ones, which roll over. The settings show what is left. */
export const lovable: Vendor = {
  source: 'lovable',
  name: 'Lovable',
  recognisedBy: 'name',
  meters: {
    credits: {
      label: 'Lovable Credits',
      unit: 'credits',
      decimals: 1,
      aliases: ['Credits'],
      consequence: 'Nobody in the workspace can build until credits are added.',
    },
    daily_credits: { label: 'Lovable Daily Credits', unit: 'credits', decimals: 1, aliases: ['Daily credits'] },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://lovable.dev/pt-br/faq/credits/management',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['renews', 'resets', 'daily credits reset', 'rollover'],
    pairsAre: 'remaining',
    alone: [
      { label: 'Credits remaining', meter: 'credits', is: 'remaining' },
      { label: 'Remaining credits', meter: 'credits', is: 'remaining' },
      { label: 'Credits left', meter: 'credits', is: 'remaining' },
      { label: 'Daily credits remaining', meter: 'daily_credits', is: 'remaining' },
      { label: 'Credits used', meter: 'credits', is: 'used' },
    ],
  },
};
