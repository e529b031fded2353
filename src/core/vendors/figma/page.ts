import type { Vendor } from '../vendor.ts';

/** Figma's AI credits: those of a seat under "AI balance", those of a plan under Admin > AI credits. */
export const figma: Vendor = {
  source: 'figma',
  name: 'Figma',
  recognisedBy: 'name',
  meters: {
    ai_credits: {
      label: 'Figma AI Credits',
      unit: 'credits',
      aliases: ['AI credits', 'Seat credits', 'AI balance'],
      consequence: 'AI features stop until the monthly reset.',
    },
    shared_credits: { label: 'Figma Shared AI Credits', unit: 'credits', aliases: ['Shared credits', 'Shared AI credits', 'Plan credits'] },
  },
  page: {
    url: null,
    confidence: 'documented',
    docs: 'https://help.figma.com/hc/en-us/articles/33459875669015',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['resets', 'reset date', 'daily limit'],
    pairsAre: 'used',
    alone: [
      { label: 'AI credits remaining', meter: 'ai_credits', is: 'remaining' },
      { label: 'Credits remaining', meter: 'ai_credits', is: 'remaining' },
      { label: 'Remaining credits', meter: 'ai_credits', is: 'remaining' },
      { label: 'AI credits used', meter: 'ai_credits', is: 'used' },
    ],
  },
};
