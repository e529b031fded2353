import type { Preset } from '../preset.ts';

export const octave: Preset = {
  name: 'octave',
  label: 'Octave',
  docs: 'https://docs.octavehq.com/concepts/credit-usage',
  method: 'GET',
  url: 'https://app.octavehq.com/api/v2/credits/usage',
  key: { header: 'api_key', value: '${OCTAVE_KEY}', kind: 'an API key, read-only is enough' },
  ratePerMinute: null,
  periodEnd: 'data.resetAt',
  observedAt: 'data.asOf',
  meters: {
    credits: {
      label: 'Octave Credits',
      unit: 'credits',
      consequence: 'Agents in Octave may stop.',
      used: 'data.credits.used',
      total: 'data.credits.total',
    },
  },
};
