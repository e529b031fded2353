import type { Meter } from '../../src/core/meters/meter.ts';
import { overviewOf, type MeterLine, type Overview } from '../../src/core/status/overview.ts';
import type { MeterNow } from '../../src/core/status/meter-status.ts';
import type { Period } from '../../src/core/time/period.ts';
import type { Reading } from '../../src/core/meters/reading.ts';
import type { Message } from '../../src/core/text/message.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import { meterNow } from '../support/read-store.ts';

/** Half a minute after the figures were observed. */
export const NOW = new Date('2026-11-23T14:05:30Z');
export const OBSERVED = new Date('2026-11-23T14:05:00Z');
const NOVEMBER: Period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };

export type Credit = { readonly meter: Meter; readonly reading: Reading } & Partial<MeterNow>;

/** A meter with its latest reading: `credit('Apollo Contacts', 803_412, 1_000_000)`. */
export function credit(
  label: string,
  used: number | bigint,
  total: number | bigint | null,
  more: Partial<Meter> & Partial<Pick<Reading, 'observedAt' | 'period'>> = {},
): Credit {
  const { observedAt = OBSERVED, period = NOVEMBER, ...meter } = more;
  return {
    meter: {
      id: label,
      account: 'default',
      source: 'abmatic',
      key: label.toLowerCase().replaceAll(' ', '_'),
      label,
      unit: 'credits',
      decimals: 0,
      aliases: [],
      owner: null,
      consequence: null,
      resets: true,
      ...meter,
    },
    reading: { used: BigInt(used), total: total === null ? null : BigInt(total), observedAt, period },
  };
}

/** They as the overview has them, by the standard rules. */
export function overview(...credits: readonly Credit[]): Overview {
  return overviewOf(
    credits.map((one) => meterNow(one)),
    [],
    NOW,
  );
}

export function lineOf(one: Credit): MeterLine {
  const [line] = overview(one).lines;
  if (!line) throw new Error('an overview without its line');
  return line;
}

/** A message as the terminal prints it. */
export function printed(message: Message, timeZone = 'UTC'): string {
  return plainMessage(message, { timeZone, now: NOW });
}
