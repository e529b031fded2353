import type { MeterDetails } from '../meter.ts';
import type { Contacts } from '../source.ts';

/** What is known of a vendor's meters before anybody configures them, by meter key. */
export type Vendor = {
  /** The source id under which its readings arrive. */
  readonly source: string;
  readonly name: string;
  /** Whom to ask, unless creditwatch.yml says otherwise. */
  readonly contacts: Omit<Contacts, 'approver'>;
  readonly meters: Readonly<Record<string, MeterDetails>>;
};
