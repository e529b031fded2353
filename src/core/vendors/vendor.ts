import type { MeterDetails } from '../meters/meter.ts';
import type { Contacts } from '../meters/source.ts';

/** Teams that usually want the same meters of a vendor. */
export const teams = ['marketing', 'sales'] as const;
export type Team = (typeof teams)[number];

/** What is known of a vendor's meters before anybody configures them, by meter key. */
export type Vendor = {
  /** The source id under which its readings arrive. */
  readonly source: string;
  readonly name: string;
  /** Whom to ask, unless creditwatch.yml says otherwise. */
  readonly contacts: Omit<Contacts, 'approver'>;
  /** Which meters each team usually wants, by key. */
  readonly teams: Readonly<Record<Team, readonly string[]>>;
  readonly meters: Readonly<Record<string, MeterDetails>>;
};
