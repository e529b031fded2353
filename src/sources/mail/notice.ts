/** What a notice says of a meter. Figures are plain decimals. */
export type Notice = {
  readonly meter: string;
  /** True for a figure that is reached or passed: a share, or "more than", "fewer than". */
  readonly isAtLeast: boolean;
  /** The used part in percent. */
  readonly share?: string;
  readonly used?: string;
  readonly left?: string;
  readonly total?: string;
};

export type NoticeProblem = 'not-understood' | 'unclear-meter';
