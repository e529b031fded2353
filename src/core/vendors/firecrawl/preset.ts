import type { Preset } from '../preset.ts';

/** It tells what remains. Credit packs are in that but not in the plan's credits, so more can remain than the plan has. */
export const firecrawl: Preset = {
  name: 'firecrawl',
  label: 'Firecrawl',
  docs: 'https://docs.firecrawl.dev/api-reference/endpoint/credit-usage',
  method: 'GET',
  url: 'https://api.firecrawl.dev/v2/team/credit-usage',
  key: { header: 'authorization', value: 'Bearer ${FIRECRAWL_KEY}', kind: 'an API key of the team' },
  ratePerMinute: null,
  // Both are null on plans without a billing period.
  periodStart: 'data.billingPeriodStart',
  periodEnd: 'data.billingPeriodEnd',
  meters: {
    credits: {
      label: 'Firecrawl Credits',
      unit: 'credits',
      consequence: 'Scrapes and crawls are refused.',
      remaining: 'data.remainingCredits',
      total: 'data.(remainingCredits > planCredits ? remainingCredits : planCredits)',
    },
  },
};
