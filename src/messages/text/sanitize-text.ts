/** Control characters and line breaks. A name that contains a line break could imitate a line of ours. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Half of a surrogate pair is not a character, and Slack rejects JSON that contains one. */
const HALF_CHARACTERS = /\p{Cs}/gu;

const ELLIPSIS = '…';

/** The characters that change the direction of text, each with the one that ends the change (Unicode Standard Annex 9, section 2). */
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
 * Makes text from outside safe for one element of a message: removes line breaks and broken characters, cuts it to `max`, and ends each
 * change of direction, so that it does not affect the text after it.
 *
 * @param weigh returns how much a text counts towards `max`; at least 1 for each UTF-16 unit
 */
export function sanitizeText(text: string, max: number, weigh: (text: string) => number): string {
  const shown = ends(text, max).replace(CONTROLS, ' ').replace(HALF_CHARACTERS, '\uFFFD');
  return closeDirections(weigh(shown) <= max ? shown : cutMiddle(shown, max, weigh));
}

/** The length as Slack counts it in strict fields, including the characters that end each change of direction. For `sanitizeText`. */
export function strictLength(text: string): number {
  let length = text.length;
  for (const character of text) if (CLOSERS.has(character)) length += 1;
  return length;
}

/** Keeps enough of both ends to cut from, so that a text of many megabytes is not segmented as a whole. */
function ends(text: string, max: number): string {
  return text.length <= 4 * max ? text : text.slice(0, 2 * max) + text.slice(-2 * max);
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts in the middle, because both ends matter most: the name comes first and its figure last. */
function cutMiddle(text: string, max: number, weigh: (text: string) => number): string {
  const room = max - weigh(ELLIPSIS);
  const head = fitting(segmentsOf(text), (room * 2) / 3, weigh);
  // A longer end does not fit, because each UTF-16 unit weighs at least 1.
  const end = text.slice(startOfCharacter(text, text.length - Math.floor(room / 3)));
  const tail = fitting([...segmentsOf(end)].toReversed(), room / 3, weigh).toReversed();
  return head.join('') + ELLIPSIS + tail.join('');
}

function* segmentsOf(text: string): Generator<string> {
  for (const { segment } of characters.segment(text)) yield segment;
}

/** The index at which the character begins that a reader sees at this index. */
function startOfCharacter(text: string, index: number): number {
  return characters.segment(text).containing(Math.max(0, index))?.index ?? text.length;
}

/** The first parts that fit into `room`. */
function fitting(parts: Iterable<string>, room: number, weigh: (text: string) => number): string[] {
  const taken: string[] = [];
  let left = room;
  for (const part of parts) {
    left -= weigh(part);
    if (left < 0) break;
    taken.push(part);
  }
  return taken;
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
