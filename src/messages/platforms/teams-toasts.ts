/** The lines that Teams shows to the person who clicked. */
export const UNCHANGED = 'Nothing has changed.';
export const POSTED_BELOW = 'Posted below.';
export const OLD_BUTTON = 'This button is not from Creditwatch, or is out of date.';

/** Says where the reply to a click is. */
export function belowText(what: 'form' | 'answer', isPersonal: boolean): string {
  return isPersonal ? `The ${what} is below.` : `The ${what} is below; only you see it.`;
}

/** The name of a person that Teams does not know, after an `@`. */
export const UNKNOWN_PERSON = 'someone';

/** The message of a form whose required field is empty. */
export function missingField(label: string): string {
  return `${label} is missing`;
}
