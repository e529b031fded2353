import { currentDraft, type Draft } from './stored.ts';
import { isStopped, type Vendor } from './vendor.ts';

/** What the page shows of a vendor, and so what the person can do next. */
export type Card =
  | { readonly kind: 'running' | 'needs-page' | 'needs-access' | 'to-show' | 'stopped' | 'paused' | 'active' }
  | { readonly kind: 'to-approve'; readonly draft: Draft };

/** Returns what the page shows of a vendor now. `draft`: the stored one, however old. */
export function cardOf(
  vendor: Vendor,
  how: { readonly mayAccess: boolean; readonly isRunning: boolean; readonly draft: Draft | null; readonly now: number },
): Card {
  const { mayAccess, isRunning, draft, now } = how;
  if (isRunning) return { kind: 'running' };
  if (isStopped(vendor)) return { kind: 'stopped' };
  if (vendor.page === null) return { kind: 'needs-page' };
  if (!mayAccess) return { kind: 'needs-access' };
  if (vendor.isApproved) return { kind: vendor.isPaused ? 'paused' : 'active' };
  const shown = currentDraft(draft, vendor, now);
  return shown === null ? { kind: 'to-show' } : { kind: 'to-approve', draft: shown };
}
