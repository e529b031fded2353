import type { SnoozeChoice } from '../core/snooze.ts';

/** Whose doing, and on what. `by` is a platform user id. */
type Deed = { readonly account: string; readonly meterId: string; readonly by: string };

/** What came of it. `already`: somebody else was first. */
export type Acted =
  | { readonly done: 'acknowledged' }
  | { readonly done: 'already'; readonly by: string; readonly at: Date }
  | { readonly done: 'snoozed'; readonly choice: SnoozeChoice; readonly until: Date | null }
  | { readonly done: 'no-alert' };

/** What people do about a meter's open alerts. Throws StoreUnavailable when the database is away. */
export type Actions = {
  acknowledge(deed: Deed): Promise<Acted>;
  snooze(deed: Deed & { readonly choice: SnoozeChoice }): Promise<Acted>;
};
