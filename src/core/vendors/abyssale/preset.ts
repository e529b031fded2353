import type { Preset } from '../preset.ts';

/** Null means unlimited. Extra credits come on top of `available`, so the total is consumed + available + extra. */
export const abyssale: Preset = {
  name: 'abyssale',
  label: 'Abyssale',
  docs: 'https://developers.abyssale.com/api-reference/getCredits',
  method: 'GET',
  url: 'https://api.abyssale.com/credits',
  key: { header: 'x-api-key', value: '${ABYSSALE_KEY}', kind: 'an API key of the workspace' },
  ratePerMinute: null,
  meters: {
    generation_credits: {
      label: 'Abyssale Generation Credits',
      unit: 'credits',
      consequence: 'Images and videos can no longer be generated.',
      ...block('generation_credits'),
    },
    ai_credits: {
      label: 'Abyssale AI Credits',
      unit: 'credits',
      consequence: 'The AI features of Abyssale may stop.',
      ...block('ai_credits'),
    },
  },
};

function block(name: string) {
  return { used: `${name}.consumed`, total: `${name}.(available = null ? null : consumed + available + extra)` };
}
