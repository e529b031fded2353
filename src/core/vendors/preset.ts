import type { MeterDetails } from '../meters/meter.ts';
import type { Cycle } from '../meters/poll.ts';

/** Where a meter's figures stand in the vendor's answer, in JSONata; a number or null is a constant. */
export type PresetMeter = MeterDetails & {
  readonly used?: string | number;
  readonly remaining?: string | number;
  readonly total?: string | number | null;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly observedAt?: string;
  /** Not every plan has it. */
  readonly optional?: boolean;
};

/** A vendor's usage endpoint as data. Whatever creditwatch.yml says beside `preset:` goes before it. */
export type Preset = {
  readonly name: string;
  /** The vendor, as it calls itself. */
  readonly label: string;
  /** The page of the vendor's documentation that it was made from. */
  readonly docs: string;
  readonly method: 'GET' | 'POST';
  /** Null: the operator has an endpoint of their own. */
  readonly url: string | null;
  readonly body?: string;
  /** The header that carries the key, and how it is written. Null: none is needed. */
  readonly key: { readonly header: string; readonly value: string; readonly kind: string } | null;
  /** Requests a minute that the vendor allows; null: nothing to mind. */
  readonly ratePerMinute: number | null;
  readonly cycle?: Cycle;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly observedAt?: string;
  readonly meters: Readonly<Record<string, PresetMeter>>;
};
