import type { Chart } from './chart.ts';
import type { RichText } from './rich-text.ts';

/**
 * What is said, for every platform: a title, then lines. A room adds its own layout and nothing to the words.
 */
export type Message = {
  /** One line that stands alone: the notification on a phone, what a screen reader says. */
  readonly summary: RichText;
  readonly title: RichText;
  readonly lines: readonly RichText[];
  /** Small print under the lines. */
  readonly footer?: RichText;
  /** Figures to look at, where a platform can draw them; elsewhere they stand as a table. */
  readonly chart?: Chart;
  /** Text to copy as it is, in a fixed-width face: CSV, the draft of a mail. */
  readonly verbatim?: string;
  /** What can be pressed, most useful first. A platform without buttons leaves them out. */
  readonly buttons?: readonly Button[];
};

/**
 * - `acknowledge`, `snooze`: about one alert; the value is its id, and for a snooze what was chosen behind a space
 *   (`<id> monday`, or `<id> off` to end it)
 * - `request`: more credits; the value is the id of an alert or a meter, and what to ask for behind a space
 *   (`<id> allocation`)
 * - `show`, `share`: the answer to a command, which is the value: to whoever pressed, or to everybody in the channel
 * - `fill-in`: opens a form; the value is its id
 * - `ask`: asks the admins for what was refused; the value is for whom (`place`, `everybody`) and behind a space the command
 */
export const buttonActions = ['acknowledge', 'snooze', 'request', 'show', 'share', 'fill-in', 'ask'] as const;
export type ButtonAction = (typeof buttonActions)[number];

/** Of a button, so that three stand side by side on a phone. */
export const LONGEST_LABEL = 24;

export type Button = {
  readonly action: ButtonAction;
  /** At most 24 characters. */
  readonly label: string;
  /** At most 500 characters. It comes back from outside: whoever takes a press checks it like anything that people type. */
  readonly value: string;
  /** The one that most will press. */
  readonly primary?: true;
};
