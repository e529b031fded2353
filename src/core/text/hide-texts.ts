const HIDDEN = '…';

/**
 * Replaces every text in a JSON document, so that its shape and its numbers can be shown without the names, addresses and keys in it.
 *
 * @returns a placeholder of the same kind if it is not JSON
 */
export function hideTexts(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json, hidden));
  } catch {
    return HIDDEN;
  }
}

/** Names of fields that are no plain names may be data, such as an address of a person. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z_-]{0,40}$/;

function hidden(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? value : HIDDEN;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner], at) => [PLAIN_NAME.test(name) ? name : `${HIDDEN}${String(at)}`, inner]),
  );
}
