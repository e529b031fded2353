import type { Notice } from './notice.ts';

/** `isMoney`: an amount has a currency. `isLabel`: its sentence is only a label and figures, as in a table. */
export type Figure = Omit<Notice, 'meter'> & { readonly isMoney: boolean; readonly isLabel: boolean };

/**
 * Subject and text say the same, in different detail. Null if they contradict each other. An amount beside a share is of the same thing only
 * if its total shows that, and an amount that is used beside one that is left only in a table or with a total that fits: a sentence may be
 * about one job.
 */
export function mergeFigures(figures: readonly Figure[]): Figure | null {
  const of = (some: readonly Figure[], field: 'share' | 'used' | 'left' | 'total') => [...new Set(some.flatMap((one) => one[field] ?? []))];
  const [exact, bounds] = [figures.filter((one) => !one.isAtLeast), figures.filter((one) => one.isAtLeast && one.share === undefined)];
  const amounts = exact.length > 0 ? exact : bounds;
  const all = [of(figures, 'share'), of(figures, 'total'), of(amounts, 'used'), of(amounts, 'left')];
  if (all.some((values) => values.length > 1)) return null;
  const [share, total, used, left] = all.map(([value]) => value);
  const merged = {
    isMoney: figures.some((one) => one.isMoney),
    isLabel: figures.every((one) => one.isLabel),
    isAtLeast: exact.length === 0,
    ...(total !== undefined && { total }),
  };
  if (amounts.length === 0) return share === undefined ? null : { ...merged, share };
  const part = total === undefined ? null : partUsed(used, left, total);
  if (share !== undefined) {
    if (part === null) return { ...merged, isAtLeast: true, share };
    // A level that was crossed may be lower than the figure.
    if (part < Number(share) - 1) return null;
  }
  // What one job used is never more than what is used in all.
  if (used !== undefined && left === undefined && total === undefined) return { ...merged, isAtLeast: true, used };
  if (used === undefined || left === undefined)
    return { ...merged, ...(used !== undefined && { used }), ...(left !== undefined && { left }) };
  if (total !== undefined && Number(used) + Number(left) !== Number(total)) return null;
  return total !== undefined || merged.isLabel ? { ...merged, used, left } : { ...merged, left };
}

/** Returns how much of a total is used, in percent. */
function partUsed(used: string | undefined, left: string | undefined, total: string): number | null {
  const amount = used === undefined ? Number(total) - Number(left) : Number(used);
  return Number(total) === 0 ? null : (amount / Number(total)) * 100;
}
