import type { Vendor } from '../vendor.ts';

/** The tab Subscription of Zapier's billing page has the tasks used of the plan's limit; pay-per-task billing begins beyond it. */
export const zapier: Vendor = {
  source: 'zapier',
  name: 'Zapier',
  recognisedBy: 'name',
  meters: {
    tasks: {
      label: 'Zapier Tasks',
      unit: 'tasks',
      aliases: ['Tasks', 'Plan tasks', 'Task usage', 'Tasks used'],
      consequence: 'Tasks are charged separately, or Zaps are held.',
    },
  },
  page: {
    url: 'https://zapier.com/app/settings/billing',
    confidence: 'documented',
    docs: 'https://help.zapier.com/hc/en-us/articles/46426440004621',
    read: '2026-11-30',
    signedOut: ['log in to your account'],
    notFigures: ['usage resets', 'resets', 'renews', 'zaps', 'pay-per-task', 'premium'],
    pairsAre: 'used',
    alone: [
      { label: 'Tasks used', meter: 'tasks', is: 'used' },
      { label: 'Total billable tasks', meter: 'tasks', is: 'used' },
      { label: 'Task limit', meter: 'tasks', is: 'total' },
      { label: 'Tasks left', meter: 'tasks', is: 'remaining' },
    ],
  },
};
