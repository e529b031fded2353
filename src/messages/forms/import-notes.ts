import type { ImportNote, ImportPlace, LineProblem, RowProblem } from '../../core/text/import-problem.ts';
import { figureProblemText } from '../text/figure-problem.ts';

const LONGEST_QUOTE = 60;
const SAY_WHICH = 'write "used" or "remaining" behind it';
const ONE_UNIT = 'write both in one unit';

/** `line 4`, `reading 2`. */
function placeText(place: ImportPlace): string {
  return 'line' in place ? `line ${String(place.line)}` : `reading ${String(place.reading)}`;
}

/** A reading that was rejected when it was to be stored: `line 4: used is negative`. */
export function rejectedText(place: ImportPlace | undefined, reason: string): string {
  return place === undefined ? reason : `${placeText(place)}: ${reason}`;
}

/** `line 4: "Credits 1 of 2" has no name before it`. */
export function importNoteText(note: ImportNote): string {
  if ('at' in note) return `${placeText(note.at)}: ${rowProblemText(note.problem)}`;
  const place = `${placeText(note)}:`;
  if ('repeated' in note) return `${place} ${note.repeated} appears here a second time; the first figure is used`;
  const { text } = note;
  return `${place} "${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text}" ${lineProblemText(note.problem)}`;
}

function lineProblemText(problem: LineProblem): string {
  switch (problem.kind) {
    case 'too-long':
      return 'is too long to be searched';
    case 'undecodable':
      return 'contains characters that could not be decoded: save the file as UTF-8';
    case 'not-read':
      return 'looks like figures but could not be read';
    case 'nameless':
      return 'has no name before it';
    case 'unclear-name':
      return 'does not show which name it belongs to: write the name before it, on the same line';
    case 'other-period':
      return 'is about a day, another period or a forecast';
    case 'one-member':
      return 'is about one person, not the whole account';
    case 'other-figures':
      return 'has other figures than another line of the same meter, so none of them is used: delete the wrong line';
    case 'unexplained':
      return `does not say what is counted, or whether it is used or left: ${SAY_WHICH}`;
    case 'no-figures':
      return 'has a number that I cannot read as a figure';
    case 'inexact':
      return 'has a range or a bound, which is not an exact figure';
    case 'sums-differ':
      return 'has figures that do not add up';
    case 'unsure':
      return `does not clearly say whether its first figure is used or left: ${SAY_WHICH}`;
    case 'no-total':
      return 'says what is left, but not what the total is';
    case 'negative':
      return 'is below zero';
    case 'more-left-than-total':
      return 'says that more is left than the total';
    case 'money-and-other':
      return `has an amount of money and one of something else: ${ONE_UNIT}`;
    case 'too-many-meters':
      return `holds more than ${String(problem.most)} meters: put each on a line of its own`;
    case 'two-units':
      return `has figures in ${problem.units[0]} and in ${problem.units[1] || 'something else'}, which I can't convert exactly: ${ONE_UNIT}`;
    case 'bad-number':
      return `is not used: ${problem.number} ${figureProblemText(problem.problem)}`;
    case 'unknown-words':
      return `is read as used, because no word says which: if "${problem.words.join(' ')}" means what is left, write "remaining" behind it`;
    case 'spare-numbers':
      return `is used, except for ${problem.numbers.join(' and ')}: I cannot tell what that counts`;
  }
}

/** Why one row of a table, or one reading of a list, is rejected. */
function rowProblemText(problem: RowProblem): string {
  switch (problem.kind) {
    case 'too-many-cells':
      return 'has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out';
    case 'undecodable':
      return 'contains characters that could not be decoded: save the file as UTF-8 ("CSV UTF-8" in Excel)';
    case 'bad-figure':
      return `${problem.field} ${problem.number} ${figureProblemText(problem.problem)}`;
  }
}
