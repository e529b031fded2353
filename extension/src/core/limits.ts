/** The largest page that Creditwatch reads (docs/capture.md). */
const MOST_BYTES = 1024 * 1024;
export const MOST_LINES = 1_000;
/** No text with more characters has fewer bytes. */
export const MOST_CHARACTERS = MOST_BYTES;

/** Whether a text is larger than Creditwatch reads. It is never cut: a part of a page would look like a page that lacks meters. */
export function isTooLong(text: string): boolean {
  if (text.length > MOST_CHARACTERS || new TextEncoder().encode(text).length > MOST_BYTES) return true;
  return text.trim().split(/\r\n|\r|\n/, MOST_LINES + 1).length > MOST_LINES;
}
