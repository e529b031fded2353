import type { Vendor } from '../vendor.ts';

/** The summary of Unify's Usage page: the credits used of the cycle's allocation, the seats and the mailboxes. */
export const unify: Vendor = {
  source: 'unify',
  name: 'Unify',
  recognisedBy: null,
  meters: {
    credits: {
      label: 'Unify Credits',
      unit: 'credits',
      aliases: ['Credits', 'Credits used'],
      consequence: 'Prospecting, enrichment and agents stop until the next cycle.',
    },
    user_seats: { label: 'Unify User Seats', unit: 'seats', aliases: ['User seats', 'Seats', 'Users'] },
    mailboxes: { label: 'Unify Mailboxes', unit: 'mailboxes', aliases: ['Mailboxes', 'Managed mailboxes'] },
  },
  page: {
    url: 'https://app.unifygtm.com/dashboard/settings/workspace/usage',
    confidence: 'documented',
    docs: 'https://docs.unifygtm.com/reference/workspace/credits-and-usage',
    read: '2026-11-30',
    signedOut: [],
    notFigures: ['credit cycle', 'renews'],
    pairsAre: 'used',
    alone: [
      { label: 'Credits used', meter: 'credits', is: 'used' },
      { label: 'Credits available', meter: 'credits', is: 'remaining' },
    ],
  },
};
