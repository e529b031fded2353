/** Control characters and line breaks: a name with a line break in it could pass for a line of ours. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Half a surrogate pair is no character, and Slack refuses the JSON that carries it. */
const HALF_CHARACTERS = /\p{Cs}/gu;

const ELLIPSIS = '…';

/** What opens a direction of its own, and what closes it (Unicode Standard Annex 9, section 2). */
const CLOSERS = new Map([
  ['\u202A', '\u202C'],
  ['\u202B', '\u202C'],
  ['\u202D', '\u202C'],
  ['\u202E', '\u202C'],
  ['\u2066', '\u2069'],
  ['\u2067', '\u2069'],
  ['\u2068', '\u2069'],
]);

/**
 * Text from anywhere as it may stand in one element of a message: the same characters, without line breaks and broken
 * characters, cut to `max`, and with every change of direction ended, so that it cannot turn around what follows it.
 *
 * @param weigh what a text counts towards `max`; at least 1 for every UTF-16 unit
 */
export function sanitizeText(text: string, max: number, weigh: (text: string) => number): string {
  const shown = ends(text, max).replace(CONTROLS, ' ').replace(HALF_CHARACTERS, '\uFFFD');
  return closeDirections(weigh(shown) <= max ? shown : cutMiddle(shown, max, weigh));
}

/** Characters as Slack counts them where it is strict, with what ends each change of direction. For `literal`. */
export function strictLength(text: string): number {
  let length = text.length;
  for (const character of text) if (CLOSERS.has(character)) length += 1;
  return length;
}

/** Enough of both ends to cut from: a text of many megabytes is not taken apart as a whole. */
function ends(text: string, max: number): string {
  return text.length <= 4 * max ? text : text.slice(0, 2 * max) + text.slice(-2 * max);
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts in the middle: a name comes first and its figure last, so of an endless name both ends say most. */
function cutMiddle(text: string, max: number, weigh: (text: string) => number): string {
  const parts = Array.from(characters.segment(text), ({ segment }) => segment);
  const room = max - weigh(ELLIPSIS);
  const head = fitting(parts, (room * 2) / 3, weigh);
  const tail = fitting(parts.toReversed(), room / 3, weigh).toReversed();
  return head.join('') + ELLIPSIS + tail.join('');
}

/** The first parts that fit into `room`. */
function fitting(parts: readonly string[], room: number, weigh: (text: string) => number): string[] {
  let left = room;
  const end = parts.findIndex((part) => {
    left -= weigh(part);
    return left < 0;
  });
  return end === -1 ? [...parts] : parts.slice(0, end);
}

function closeDirections(text: string): string {
  const open: string[] = [];
  for (const character of text) {
    const closer = CLOSERS.get(character);
    if (closer !== undefined) open.push(closer);
    else if (character === open.at(-1)) open.pop();
  }
  return text + open.toReversed().join('');
}
