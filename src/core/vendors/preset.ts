import type { MeterDetails } from '../meters/meter.ts';
import type { Cycle } from '../meters/poll.ts';

/** Maps a vendor's response to a meter, in JSONata; a number or null is a constant. */
export type PresetMeter = Omit<MeterDetails, 'owner'> & {
  readonly used?: string | number;
  readonly remaining?: string | number;
  readonly total?: string | number | null;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly observedAt?: string;
  /** Not every plan has it. */
  readonly optional?: boolean;
};

/** A vendor's usage endpoint. Settings in creditwatch.yml override it. */
export type Preset = {
  readonly name: string;
  /** The name of the vendor. */
  readonly label: string;
  /** The page of the vendor's documentation that it is based on. */
  readonly docs: string;
  readonly method: 'GET' | 'POST';
  /** Null if the operator has an endpoint of their own. */
  readonly url: string | null;
  readonly body?: string;
  /** The header of the key, and its format. Null if no key is needed. */
  readonly key: { readonly header: string; readonly value: string; readonly kind: string } | null;
  /** The vendor's limit of requests per minute; null if there is none to respect. */
  readonly ratePerMinute: number | null;
  readonly cycle?: Cycle;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly observedAt?: string;
  readonly meters: Readonly<Record<string, PresetMeter>>;
};
