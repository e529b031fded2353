import type { Queries } from './queries.ts';
import { slackTables } from './slack-tables.ts';

/** What is stored of one platform alone, beside its destinations. */
export type PlatformTables = {
  /** Deletes all of it that is an account's. */
  readonly purge: (queries: Queries, accountId: string) => Promise<void>;
  /** The workspace that the app was installed in, where that is stored; `hasToken` is false once it was removed. */
  readonly installed: (
    queries: Queries,
    accountId: string,
  ) => Promise<{ readonly team: string; readonly at: Date; readonly hasToken: boolean } | null>;
  /** Deletes the token of it. */
  readonly dropToken: (queries: Queries, accountId: string) => Promise<void>;
};

/** The platforms that have tables of their own for that. */
export const platformTables: Readonly<Record<string, PlatformTables>> = { slack: slackTables };
