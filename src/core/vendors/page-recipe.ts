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
  /**
   * `documented`: the vendor's own documentation names the figures, and says whether they are used or left. `reported`: other people's
   * descriptions or programs do. Neither shows the exact layout.
   */
  readonly confidence: 'documented' | 'reported';
  /** Where it was read, and the day of that. For Abmatic AI, a page of this repository. */
  readonly docs: string;
  readonly read: string;
  /** Whole lines, in lower case, that only a signed-out page has, beyond `Sign in to Acme`. Such a page is refused, even if it has figures. */
  readonly signedOut: readonly string[];
  /** Beginnings of lines, in lower case, whose number is no figure, there or on the line below: it is neither read nor listed. */
  readonly notFigures: readonly string[];
  /** The meaning of the first figure of `50/100` beside the name of a meter, if no word of the page says it. */
  readonly pairsAre: Role;
  /** Figures without a total on their line. */
  readonly alone: readonly LoneFigure[];
};
