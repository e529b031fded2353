import { z } from 'zod';

/** From mild to severe. `notice` informs, `warning` asks for attention, `critical` means used up. */
const severities = ['notice', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];
export const severitySchema = z.enum(severities);

/** Compares severities: positive if `a` is worse than `b`. Null means fine. */
export function compareSeverity(a: Severity | null, b: Severity | null): number {
  return rank(a) - rank(b);
}

export function worstSeverity(all: Iterable<Severity | null>): Severity | null {
  let worst: Severity | null = null;
  for (const one of all) if (compareSeverity(one, worst) > 0) worst = one;
  return worst;
}

function rank(severity: Severity | null): number {
  return severity === null ? -1 : severities.indexOf(severity);
}
