import type { Preset } from '../preset.ts';

/** Prepaid money: totals since the account was opened, without a period. */
export const openrouter: Preset = {
  name: 'openrouter',
  label: 'OpenRouter',
  docs: 'https://openrouter.ai/docs/api/api-reference/credits/get-credits',
  method: 'GET',
  url: 'https://openrouter.ai/api/v1/credits',
  key: { header: 'authorization', value: 'Bearer ${OPENROUTER_KEY}', kind: 'a management key; a key for completions is refused' },
  ratePerMinute: null,
  meters: {
    credits: {
      label: 'OpenRouter Credits',
      unit: 'USD',
      decimals: 2,
      consequence: 'Requests to models through OpenRouter are refused.',
      used: 'data.total_usage',
      total: 'data.total_credits',
    },
  },
};
