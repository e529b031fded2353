const HIDDEN = '…';

/**
 * Replaces every text in a JSON document, so that its shape and its numbers can be shown without the names, addresses and keys in it.
 *
 * @returns a placeholder of the same kind if it is not JSON
 */
export function hideTexts(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json, (_key, value: unknown) => (typeof value === 'string' && value !== '' ? HIDDEN : value)));
  } catch {
    return HIDDEN;
  }
}
