import type { Chart } from './chart.ts';
import type { RichText } from './rich-text.ts';

/** A message for every platform: a title, then lines. An adapter adds its layout and does not change the text. */
export type Message = {
  /** One line that is complete by itself, for phone notifications and screen readers. */
  readonly summary: RichText;
  readonly title: RichText;
  readonly lines: readonly RichText[];
  /** Small text under the lines. */
  readonly footer?: RichText;
  /** A chart, shown as a table on platforms that cannot draw it. */
  readonly chart?: Chart;
  /** Text to copy, in a fixed-width font: CSV, the draft of a mail. */
  readonly verbatim?: string;
  /** Most useful first. Platforms without buttons leave them out. */
  readonly buttons?: readonly Button[];
};

/**
 * - `acknowledge`, `snooze`: of one alert. The value is its id, for a snooze followed by a space and the choice (`<id> monday`, or
 * `<id> off` to end it)
 * - `request`: more credits. The value is the id of an alert or a meter, then a space and what to request (`<id> allocation`)
 * - `show`, `share`: answers the command in the value, to the person who clicked or to everyone in the channel
 * - `fill-in`: opens the form whose id is the value
 * - `ask`: asks the admins for a refused command; the value is its id
 */
export const buttonActions = ['acknowledge', 'snooze', 'request', 'show', 'share', 'fill-in', 'ask'] as const;
export type ButtonAction = (typeof buttonActions)[number];

/** The longest label with which three buttons fit side by side on a phone. */
export const LONGEST_LABEL = 24;

export type Button = {
  readonly action: ButtonAction;
  /** At most 24 characters. */
  readonly label: string;
  /** At most 500 characters. It comes back as untrusted input, which the handler checks like typed text. */
  readonly value: string;
  /** The most likely choice. */
  readonly primary?: true;
};
