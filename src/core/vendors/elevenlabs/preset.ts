import type { Preset } from '../preset.ts';

export const elevenlabs: Preset = {
  name: 'elevenlabs',
  label: 'ElevenLabs',
  docs: 'https://elevenlabs.io/docs/api-reference/user/subscription/get',
  method: 'GET',
  url: 'https://api.elevenlabs.io/v1/user/subscription',
  key: { header: 'xi-api-key', value: '${ELEVENLABS_KEY}', kind: 'a key that may read the user (permission user_read)' },
  ratePerMinute: null,
  // Seconds since 1970; the quota of a yearly plan is monthly too.
  periodEnd: 'next_character_count_reset_unix',
  meters: {
    characters: {
      label: 'ElevenLabs Characters',
      unit: 'characters',
      consequence: 'Speech generation may stop.',
      used: 'character_count',
      total: 'character_limit',
    },
  },
};
