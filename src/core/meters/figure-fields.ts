/** The figures of a reading, by their fields. */
export const figureFields = ['used', 'remaining', 'total'] as const;
export type FigureField = (typeof figureFields)[number];

/** Whether a field of a reading is a figure. */
export function isFigureField(field: string): field is FigureField {
  return figureFields.some((one) => one === field);
}
