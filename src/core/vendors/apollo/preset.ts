import type { Preset } from '../preset.ts';

/** The team's credits in the current cycle. `api_usage_stats` are rate limits, not credits. */
export const apollo: Preset = {
  name: 'apollo',
  label: 'Apollo.io',
  docs: 'https://docs.apollo.io/reference/view-credit-usage-stats',
  method: 'POST',
  url: 'https://api.apollo.io/api/v1/usage_stats/credit_usage_stats',
  body: '{}',
  key: { header: 'x-api-key', value: '${APOLLO_KEY}', kind: 'a master key, or one with access to credit_usage_stats' },
  ratePerMinute: null,
  periodStart: 'current_credit_cycle.start_date',
  periodEnd: 'current_credit_cycle.end_date',
  meters: {
    lead_credit: {
      label: 'Apollo Lead Credits',
      unit: 'credits',
      consequence: 'Enrichment of people and companies through Apollo may pause.',
      used: 'credit_usage_stats.lead_credit.consumed',
      total: 'credit_usage_stats.lead_credit.limit',
    },
    mobile_credit: {
      label: 'Apollo Mobile Credits',
      unit: 'credits',
      consequence: 'Mobile numbers can no longer be revealed in Apollo.',
      optional: true,
      used: 'credit_usage_stats.mobile_credit.consumed',
      total: 'credit_usage_stats.mobile_credit.limit',
    },
  },
};
