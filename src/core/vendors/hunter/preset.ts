import type { Preset } from '../preset.ts';

/** Counts half credits: a verification costs one. `remaining` includes credit packs, `available` does not. */
export const hunter: Preset = {
  name: 'hunter',
  label: 'Hunter',
  docs: 'https://hunter.io/api-documentation#account',
  method: 'GET',
  url: 'https://api.hunter.io/v2/account',
  key: { header: 'x-api-key', value: '${HUNTER_KEY}', kind: 'an API key of the account' },
  ratePerMinute: null,
  periodEnd: 'data.reset_date',
  meters: {
    credits: {
      label: 'Hunter Credits',
      unit: 'credits',
      decimals: 1,
      consequence: 'Searches and verifications in Hunter may stop.',
      optional: true,
      ...counted('credits'),
    },
    searches: {
      label: 'Hunter Searches',
      unit: 'searches',
      consequence: 'Searches for e-mail addresses may stop.',
      optional: true,
      ...counted('searches'),
    },
    verifications: {
      label: 'Hunter Verifications',
      unit: 'verifications',
      consequence: 'E-mail addresses can no longer be verified.',
      optional: true,
      ...counted('verifications'),
    },
  },
};

function counted(what: string) {
  return { used: `data.requests.${what}.used`, total: `data.requests.${what}.($exists(remaining) ? used + remaining : available)` };
}
