import type { Actor } from '../../core/audit/audit.ts';
import type { MeterDetails } from '../../core/meters/meter.ts';
import type { KeyExpiry } from '../../core/meters/key-expiry.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { Result } from '../../core/result.ts';
import type { DestinationAddress, RouteSettings } from '../../core/notifications/route.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Contacts } from '../../core/meters/source.ts';
import type { DisabledBecause } from './delivery-store.ts';
import type { NewMeter } from './ingest-store.ts';
import type { PlatformId, Person } from '../../core/text/person.ts';

/** `initial`: the values of the meter if it is new. `said`: the details that the file states explicitly. */
type DeclaredMeter = { readonly initial: NewMeter['initial']; readonly details: MeterDetails };

export type DeclaredSource = {
  readonly id: string;
  readonly kind: string;
  readonly period: PeriodSpec | null;
  readonly contacts: Contacts;
  readonly meters: Readonly<Record<string, DeclaredMeter>>;
  /** Null if the source is not polled. */
  readonly poll: { readonly everyMs: number; readonly leastGapMs: number } | null;
  /** When its key expires. */
  readonly keyExpiry?: KeyExpiry | null;
};

export type DeclaredRule = { readonly id: string; readonly kind: string; readonly meters: Rule['meters']; readonly params: unknown };

type DeclaredRoute = { readonly id: string; readonly destination: DestinationAddress; readonly settings: RouteSettings };

export type AccountDeclaration = {
  readonly id: string;
  readonly timeZone: string;
  /** The people who may change rules and routes in chat. */
  readonly admins: readonly Person[];
  /** The people who may see the figures, besides admins, owners and approvers. Null if everyone may. */
  readonly viewers: readonly Person[] | null;
  readonly sources: readonly DeclaredSource[];
  readonly rules: readonly DeclaredRule[];
  readonly routes: readonly DeclaredRoute[];
  /** The destinations of alerts that match no route. */
  readonly fallback: readonly DestinationAddress[];
};

/** Why a stored secret cannot be read: it was encrypted with another key, or altered. */
export type UnreadableSecret = 'wrong-key' | 'altered';

/** `until`: the end of a replaced secret; null for the current one. */
export type StoredSecret = { readonly account: string; readonly value: Result<string, UnreadableSecret>; readonly until: Date | null };

/** The number of rows of an account, by table. */
export type AccountContents = Readonly<Record<string, number>>;

export type SetupStore = {
  /**
   * Stores the declaration of the file. Subscriptions from chat stay, except where the file now has a route to the same place. A rule
   * whose parameters changed gets the next version. Enables disabled destinations.
   */
  declare(account: AccountDeclaration, now: Date): Promise<void>;
  /** Counts the stored rows of an account; null if there is no such account. */
  accountContents(account: string): Promise<AccountContents | null>;
  /**
   * Deletes an account and all its data. `again`: the declaration of an account that stays declared; it is stored at once, so that the
   * account is never missing.
   */
  deleteAccount(account: string, again: AccountDeclaration | null, how: { readonly actor: Actor; readonly now: Date }): Promise<void>;
  /**
   * Returns a stored secret of an account, or stores and returns the one from `make`. `made` tells which.
   */
  secret(
    account: string,
    name: string,
    make: () => string,
    now: Date,
  ): Promise<Result<{ readonly value: string; readonly made: boolean }, UnreadableSecret>>;
  /** A stored secret of an account; null if there is none. */
  storedSecret(account: string, name: string): Promise<Result<string | null, UnreadableSecret>>;
  /**
   * The stored secrets of a name in all accounts, and the replaced ones (named `<name>/…`) that are still valid. Expired ones are
   * deleted.
   */
  secrets(name: string, now: Date): Promise<readonly StoredSecret[]>;
  /**
   * Replaces a stored secret.
   *
   * @param how.keep the name under which the former secret stays valid until an instant; null ends it and all earlier ones at once
   * @returns `none` if there is nothing to replace. If the former secret cannot be read, nothing has changed.
   */
  replaceSecret(
    account: string,
    name: string,
    value: string,
    how: { readonly keep: { readonly name: string; readonly until: Date } | null; readonly actor: Actor; readonly now: Date },
  ): Promise<Result<'replaced' | 'none', UnreadableSecret>>;
  /** Ends all replaced versions of a secret. Returns how many were still valid. */
  endEarlierSecrets(account: string, name: string, how: { readonly actor: Actor; readonly now: Date }): Promise<number>;
  /** How far the clock of the database is ahead of ours, in milliseconds. */
  clockSkewMs(now: () => Date): Promise<number>;
};

export type InstallationStore = {
  /**
   * Disables all destinations of a platform and reports it once. The token is deleted at once, other stored data 30 days later. A
   * repeated call changes nothing, and neither does an event about an installation other than the stored one.
   */
  installationRemoved(
    account: string,
    kind: PlatformId,
    removed: DisabledBecause & { readonly now: Date; readonly told?: { readonly team: string; readonly at: Date } },
  ): Promise<void>;
  /** The last typed name of each account's slash command; an account without an entry uses the default name. */
  commandNames(): Promise<ReadonlyMap<string, string>>;
  rememberCommandName(account: string, name: string): Promise<void>;
  /**
   * Records that the platform accepted our credentials at an instant. Cancels a purge, unless the app was removed after that instant.
   */
  installationWorks(account: string, kind: PlatformId, at: Date): Promise<void>;
};
