import { richText, type RichText } from '../../core/text/rich-text.ts';

/** The line under a message that may already have been posted. */
export function possibleDuplicateText(platformName: string): RichText {
  return richText`This may be a repeat: ${platformName} did not confirm the first one.`;
}
