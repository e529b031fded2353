import type { Phrase } from './phrase.ts';

/**
 * What is said, for every platform: a title, then lines. A room adds its own layout and nothing to the words.
 */
export type Message = {
  /** One line that stands alone: the notification on a phone, what a screen reader says. */
  readonly summary: Phrase;
  readonly title: Phrase;
  readonly lines: readonly Phrase[];
  /** Small print under the lines. */
  readonly footer?: Phrase;
};

/** What a stored snapshot needs beside itself to be put into words. */
export type WordsContext = {
  readonly timeZone: string;
  readonly mentions: readonly string[];
  /** `reply`: under the message that it is about, which need not be said again. */
  readonly place: 'new' | 'edit' | 'reply';
};
