/** The button that closes a form. */
export const CANCEL = 'Cancel';

/** The hint of a field whose length the platform limits. */
export function longestText(platformName: string, characters: number): string {
  return `${platformName} allows at most ${characters.toLocaleString('en-US')} characters.`;
}
