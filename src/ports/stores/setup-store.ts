import type { Actor } from '../../core/audit/audit.ts';
import type { MeterDetails } from '../../core/meters/meter.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { Result } from '../../core/result.ts';
import type { DestinationAddress, DestinationKind, RouteSettings } from '../../core/notifications/route.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Contacts } from '../../core/meters/source.ts';
import type { NewMeter } from './ingest-store.ts';

/** `initial` is what the meter starts as when it is new, `said` what the file says of it in so many words. */
type DeclaredMeter = { readonly initial: NewMeter['initial']; readonly said: MeterDetails };

export type DeclaredSource = {
  readonly id: string;
  readonly kind: string;
  readonly period: PeriodSpec | null;
  readonly contacts: Contacts;
  readonly meters: Readonly<Record<string, DeclaredMeter>>;
  /** Null: it is not polled. */
  readonly poll: { readonly everyMs: number; readonly leastGapMs: number } | null;
};

export type DeclaredRule = { readonly id: string; readonly kind: string; readonly meters: Rule['meters']; readonly params: unknown };

type DeclaredRoute = { readonly id: string; readonly destination: DestinationAddress; readonly settings: RouteSettings };

export type AccountDeclaration = {
  readonly id: string;
  readonly timeZone: string;
  /** Who may change rules and routes in chat: platform user ids. */
  readonly admins: readonly string[];
  /** Who may look at the figures, beside admins, owners and approvers: platform user ids; empty: every member. */
  readonly viewers: readonly string[] | null;
  readonly sources: readonly DeclaredSource[];
  readonly rules: readonly DeclaredRule[];
  readonly routes: readonly DeclaredRoute[];
  /** Who gets the alerts that no route wants. */
  readonly fallback: readonly DestinationAddress[];
};

/** `until`: null for the present one, else until when one that was replaced is good. The error of `value` says why it cannot be read. */
export type StoredSecret = { readonly account: string; readonly value: Result<string, string>; readonly until: Date | null };

/** How many rows of each table belong to an account. */
export type AccountContents = Readonly<Record<string, number>>;

export type SetupStore = {
  /** Makes the database say what the file says; what chat subscribed stays, except where the file now has a route to the same place. A rule whose parameters changed gets the next version. Turns destinations on again. */
  declare(account: AccountDeclaration, now: Date): Promise<void>;
  /** What is stored of an account; null where there is no such account. */
  accountContents(account: string): Promise<AccountContents | null>;
  /** Deletes an account with all that belongs to it. `again`: it is still declared, and begins empty at once, so that nothing finds it missing. */
  deleteAccount(account: string, again: AccountDeclaration | null, how: { readonly actor: Actor; readonly now: Date }): Promise<void>;
  /** A stored secret of an account, or the one `make` returns, stored. `made` tells which; the error, why the stored one cannot be read. */
  secret(
    account: string,
    name: string,
    make: () => string,
    now: Date,
  ): Promise<Result<{ readonly value: string; readonly made: boolean }, string>>;
  /** A stored secret of an account, null when there is none; the error says why it cannot be read. */
  storedSecret(account: string, name: string): Promise<Result<string | null, string>>;
  /**
   * The stored secrets of a name, of all accounts, and those that they replaced (named `<name>/…`) while they are good. What is good
   * no more is deleted.
   */
  secrets(name: string, now: Date): Promise<readonly StoredSecret[]>;
  /**
   * Puts a secret in the place of the stored one.
   *
   * @param how.keep the name under which the one before stays good until an instant; null: it and all that came before end at once
   * @returns `none` where there is nothing to replace; the error says why the one before cannot be read, and then nothing has changed
   */
  replaceSecret(
    account: string,
    name: string,
    value: string,
    how: { readonly keep: { readonly name: string; readonly until: Date } | null; readonly actor: Actor; readonly now: Date },
  ): Promise<Result<'replaced' | 'none', string>>;
  /** Ends all that a secret has replaced; returns how many were good until then. */
  endEarlierSecrets(account: string, name: string, how: { readonly actor: Actor; readonly now: Date }): Promise<number>;
  /** Milliseconds by which the database's clock is ahead of ours. */
  clockSkewMs(now: () => Date): Promise<number>;
};

export type InstallationStore = {
  /** Sends nothing of a kind any more, and says so, once; what is stored of it goes 30 days later, its token at once. The same again changes nothing; nor does what the
   * platform told of another installation than the one that is stored. */
  installationRemoved(
    account: string,
    kind: DestinationKind,
    removed: { readonly reason: string; readonly now: Date; readonly told?: { readonly team: string; readonly at: Date } },
  ): Promise<void>;
  /** What the slash command of each account was called when it was typed last; an account that is not there never had another name. */
  commandNames(): Promise<ReadonlyMap<string, string>>;
  rememberCommandName(account: string, name: string): Promise<void>;
  /** The platform took our credentials at that moment: nothing stored of it is to go, if it was not removed since. */
  installationWorks(account: string, kind: DestinationKind, at: Date): Promise<void>;
};
