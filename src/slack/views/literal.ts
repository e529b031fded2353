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
 * @param weigh what one character counts towards `max`
 */
export function literal(text: string, max: number, weigh: (character: string) => number): string {
  return closeDirections(cutMiddle(text.replace(CONTROLS, ' ').replace(HALF_CHARACTERS, '\uFFFD'), max, weigh));
}

/** Cuts in the middle: a name comes first and its figure last, so of an endless name both ends say most. */
function cutMiddle(text: string, max: number, weigh: (character: string) => number): string {
  const characters = [...text];
  const weights = characters.map(weigh);
  if (weights.reduce((sum, weight) => sum + weight, 0) <= max) return text;
  const room = max - weigh(ELLIPSIS);
  const head = taken(weights, (room * 2) / 3);
  const tail = taken(weights.toReversed(), room / 3);
  return characters.slice(0, head).join('') + ELLIPSIS + (tail === 0 ? '' : characters.slice(-tail).join(''));
}

/** How many of the first weights fit into `room`. */
function taken(weights: readonly number[], room: number): number {
  let left = room;
  let count = 0;
  for (const weight of weights) {
    left -= weight;
    if (left < 0) break;
    count += 1;
  }
  return count;
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
