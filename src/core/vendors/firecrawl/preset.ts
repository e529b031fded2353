import type { Preset } from '../preset.ts';

/** Reports what remains, including credit packs. The plan's credits do not include them, so more may remain than the plan has. */
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
