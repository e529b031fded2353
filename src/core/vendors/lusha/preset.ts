import type { Preset } from '../preset.ts';

export const lusha: Preset = {
  name: 'lusha',
  label: 'Lusha',
  docs: 'https://docs.lusha.com/account/usage',
  method: 'GET',
  url: 'https://api.lusha.com/v3/account/usage',
  key: { header: 'api_key', value: '${LUSHA_KEY}', kind: 'an API key of the account (API Hub)' },
  // The endpoint has a limit of its own, far below the others'.
  ratePerMinute: 5,
  meters: {
    credits: {
      label: 'Lusha Credits',
      unit: 'credits',
      consequence: 'Contacts can no longer be revealed in Lusha.',
      used: 'credits.used',
      total: 'credits.total',
    },
  },
};
