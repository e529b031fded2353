/** The database does not answer, so keys and stored data can be neither read nor changed. */
export const NOT_NOW = 'The database is temporarily unavailable. Nothing was changed. Try again in a minute.';

/** `2026-12-06 23:40 UTC`. In UTC, because the operator's machine may be in another zone than the account. */
export function instantText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A key and the secret that signs webhooks, each on a line. */
export function keyText(title: string, key: string, webhookSecret: string): string {
  return `${title}: ${key}\n  as a webhook secret: ${webhookSecret}`;
}

/** Says until when the previous key works. */
export function earlierKeyText(until: Date | null): string {
  return until === null
    ? 'Earlier keys no longer work.'
    : `The previous key works until ${instantText(until)}. Once every sender has the new key, you can end it sooner: npx creditwatch key retire`;
}

/** After `key retire`. */
export function retiredText(ended: number): string {
  if (ended === 0) return 'There is no earlier key. Only the current key works.';
  return `${String(ended)} earlier ${ended === 1 ? 'key no longer works' : 'keys no longer work'}. The current key is unchanged.`;
}
