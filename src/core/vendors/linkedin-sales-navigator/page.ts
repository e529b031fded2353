import type { Vendor } from '../vendor.ts';

/** The inbox of Sales Navigator shows the InMail credits that are left: at most 150, of which 50 come on the first of each month. */
export const linkedinSalesNavigator: Vendor = {
  source: 'linkedin-sales-navigator',
  name: 'LinkedIn Sales Navigator',
  recognisedBy: 'name',
  meters: {
    inmail_credits: {
      label: 'InMail Credits',
      unit: 'credits',
      aliases: ['InMail-Guthaben'],
      consequence: 'No InMail can be sent until the first of the month.',
    },
  },
  page: {
    url: 'https://www.linkedin.com/sales/inbox/',
    confidence: 'reported',
    docs: 'https://www.linkedin.com/help/sales-navigator/answer/a101030',
    read: '2026-11-30',
    signedOut: ['sign in', 'join now', 'einloggen'],
    notFigures: ['use 1 of', '1 von'],
    pairsAre: 'remaining',
    alone: [
      { label: 'InMail credits', meter: 'inmail_credits', is: 'remaining' },
      { label: 'InMail credits remaining', meter: 'inmail_credits', is: 'remaining' },
      { label: 'InMail credits left', meter: 'inmail_credits', is: 'remaining' },
      { label: 'InMail-Guthaben verbleibend', meter: 'inmail_credits', is: 'remaining' },
    ],
  },
};
