/** The data of a chart, shown as a table on platforms without charts. The lines of the message have the exact figures. */
export type Chart = {
  /** At most 50 characters. */
  readonly title: string;
  readonly shape: 'line' | 'bar';
  /** The labels of the axis: at most 20, of at most 20 characters each, in order. */
  readonly categories: readonly string[];
  /** At most 6. */
  readonly series: readonly Series[];
};

type Series = {
  /** At most 20 characters. */
  readonly name: string;
  /** One for each category; null if unknown. */
  readonly values: readonly (number | null)[];
};
