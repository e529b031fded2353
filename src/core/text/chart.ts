/**
 * A chart as data: what is drawn, and the same as a table where nothing can be. Values are for the eye: whoever needs exact
 * figures finds them in the lines of the message.
 */
export type Chart = {
  /** At most 50 characters. */
  readonly title: string;
  readonly shape: 'line' | 'bar';
  /** What stands along the axis, at most 20 of at most 20 characters each, in order. */
  readonly categories: readonly string[];
  /** At most 6. */
  readonly series: readonly Series[];
};

type Series = {
  /** At most 20 characters. */
  readonly name: string;
  /** One for each category; null where nothing is known. */
  readonly values: readonly (number | null)[];
};
