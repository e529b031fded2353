import type { Role } from '../text/numbers/roles.ts';

/** A label whose figure stands alone, beside or below it: `Credits remaining` above `1,200`. */
export type LoneFigure = {
  /** As the page writes it; capitals and spaces do not count. */
  readonly label: string;
  /** The key of its meter. */
  readonly meter: string;
  readonly is: Role | 'total';
};

/** What is known of a vendor's usage page. Data, so that no vendor has code of its own. */
export type PageRecipe = {
  /** The address of the usage page, as a person opens it. Null if it is not known, or differs between accounts. */
  readonly url: string | null;
  /** `documented`: the labels are those of the vendor's own documentation. `reported`: those of other people's descriptions of the page. */
  readonly confidence: 'documented' | 'reported';
  /** The page that the labels were read in, and the day of that. */
  readonly docs: string;
  readonly read: string;
  /** Lines, in lower case, that only a signed-out page has, also beside figures: those of its prices, for example. */
  readonly signedOut: readonly string[];
  /** Beginnings of lines, in lower case, whose number is no figure, there or on the line below: it is neither read nor listed. */
  readonly notFigures: readonly string[];
  /** The meaning of the first figure of `50/100` beside the name of a meter, if no word of the page says it. */
  readonly pairsAre: Role;
  /** Figures without a total on their line. */
  readonly alone: readonly LoneFigure[];
};
