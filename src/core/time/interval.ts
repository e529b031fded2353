import { z } from 'zod';

const UNITS_MS = { s: 1_000, m: 60_000, h: 60 * 60_000, d: 24 * 60 * 60_000 } as const;
const WRITTEN = /^(\d{1,6})\s*([smhd])$/;

/** Parses a length of time in creditwatch.yml into milliseconds: `30s`, `15m`, `1h`, `7d`. */
export function intervalSchema({
  least,
  leastMs,
  most,
  mostMs,
}: {
  readonly least: string;
  readonly leastMs: number;
  readonly most: string;
  readonly mostMs: number;
}) {
  const error = `must be a time from ${least} to ${most}, such as ${leastMs > 30_000 ? '' : '30s, '}15m, 12h or 7d`;
  return z.string(error).transform((text, context) => {
    const [, count = '', unit = ''] = WRITTEN.exec(text.trim()) ?? [];
    const ms = Number(count) * (isUnit(unit) ? UNITS_MS[unit] : NaN);
    if (ms >= leastMs && ms <= mostMs) return ms;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

function isUnit(unit: string): unit is keyof typeof UNITS_MS {
  return Object.hasOwn(UNITS_MS, unit);
}

/** Formats an interval: `15 min`, `1 h`, `30 s`, `1 d`. */
export function intervalText(ms: number): string {
  const [count, unit] = (
    [
      [UNITS_MS.d, 'd'],
      [UNITS_MS.h, 'h'],
      [UNITS_MS.m, 'min'],
    ] as const
  ).find(([size]) => ms >= size && ms % size === 0) ?? [UNITS_MS.s, 's'];
  return `${Math.round(ms / count)} ${unit}`;
}
