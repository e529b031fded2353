import type { Vendor } from '../vendor.ts';

/** AI credits are a monthly allowance of the workspace, the sum of what its site plans include. They reset on the first. */
export const framer: Vendor = {
  source: 'framer',
  name: 'Framer',
  recognisedBy: 'name',
  meters: {
    ai_credits: {
      label: 'Framer AI Credits',
      unit: 'credits',
      aliases: ['AI credits', 'Credits'],
      consequence: 'Agents and AI translations pause until the first of the month.',
    },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://www.framer.com/help/articles/how-ai-credits-and-agents-pricing-work/',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['resets', 'projects', 'editors'],
    pairsAre: 'used',
    alone: [
      { label: 'AI credits used', meter: 'ai_credits', is: 'used' },
      { label: 'AI credits remaining', meter: 'ai_credits', is: 'remaining' },
    ],
  },
};
