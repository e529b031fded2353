import type { MeterDetails } from '../meter.ts';

/** What is known of a vendor's meters before anybody configures them, by meter key. */
export type Vendor = {
  /** The source id under which its readings arrive. */
  readonly source: string;
  readonly name: string;
  readonly meters: Readonly<Record<string, MeterDetails>>;
};
