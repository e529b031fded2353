import type { MeterDetails } from '../meters/meter.ts';
import type { Contacts } from '../meters/source.ts';
import type { PageRecipe } from './page-recipe.ts';

/** Teams with a usual selection of meters. */
export const teams = ['marketing', 'sales'] as const;
export type Team = (typeof teams)[number];

/** A vendor's meters by key, known before anyone configures them, and its usage page. */
export type Vendor = {
  /** The source id of its readings. */
  readonly source: string;
  readonly name: string;
  /**
   * By what a page without a stated source is recognised as this vendor's: by the names of its meters, which no other vendor uses, or by
   * its name. Null if the name is a common word.
   */
  readonly recognisedBy: 'meters' | 'name' | null;
  /** Contacts, unless creditwatch.yml names others. */
  readonly contacts?: Omit<Contacts, 'approver'>;
  /** The usual meters of each team, by key. */
  readonly teams?: Readonly<Record<Team, readonly string[]>>;
  readonly meters: Readonly<Record<string, MeterDetails>>;
  readonly page: PageRecipe;
};
