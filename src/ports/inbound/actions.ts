import type { AuditPlatform } from '../../core/audit/audit.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { DestinationAddress, DestinationKind } from '../../core/notifications/route.ts';
import type { RequestAsk } from '../../core/meters/request.ts';
import type { SnoozeChoice } from '../../core/alerts/snooze.ts';
import type { MeterKey } from '../stores/action-store.ts';

/** Whose doing: the id of a user of the platform, or a login name of the terminal. */
type Doer = { readonly account: string; readonly by: string; readonly platform: AuditPlatform };

/** Whose doing, and on what: a meter, or the meter of one alert while that is open. */
type Deed = Doer & { readonly on: MeterKey };

/** What came of it. `already`: somebody else was first. */
export type ActionResult =
  | { readonly done: 'acknowledged' }
  | { readonly done: 'already'; readonly by: string; readonly at: Date }
  /** `worseComes`: the meter's rules know something worse, which would come through. */
  /** `others`: what else can be chosen, each moment once. */
  | {
      readonly done: 'snoozed';
      readonly choice: SnoozeChoice;
      readonly until: Date | null;
      readonly worseComes: boolean;
      readonly others: readonly SnoozeChoice[];
    }
  /** There is no open alert, or not any more. */
  | { readonly done: 'no-alert' };

/** `no-alert`: there is no meter, or no open alert, that was meant. */
export type Unsnoozed = { readonly done: 'unsnoozed' | 'not-snoozed' | 'no-alert' };

/** `isQuiet`: there was an alert, and `worseComes` as for a snooze. `told`: who approves it, platform user ids without the asker's. */
export type Requested =
  | { readonly done: 'requested'; readonly isSnoozed: boolean; readonly worseComes: boolean; readonly notified: readonly string[] }
  | { readonly done: 'already'; readonly by: string; readonly at: Date }
  | { readonly done: 'no-meter' };

/** `resetsAt`: when its figures reset next, counted from now; null when they never do, or there are none. */
type PeriodSet = { readonly done: 'set'; readonly resetsAt: Date | null } | { readonly done: 'managed-in-file' | 'no-source' };
type Corrected = { readonly done: 'corrected' } | { readonly done: 'already'; readonly by: string } | { readonly done: 'nothing' };

/** `nobody`: there is no one else to ask. `already`: the reminder was handed on before. `nothing`: there is none that they may hand on. */
type HandedOn =
  { readonly done: 'asked'; readonly whom: readonly DestinationAddress[] } | { readonly done: 'nobody' | 'already' | 'nothing' };

/**
 * `whom`: platform user ids. `already`: the same person has asked for the same before, then. `nobody`: none of the admins can be written to.
 * `too-often`: by this person, or by all together, in one day. `gone`: nothing of that id was refused to whoever asks.
 */
type Asked =
  | { readonly done: 'asked'; readonly whom: readonly string[] }
  | { readonly done: 'already'; readonly whom: readonly string[]; readonly at: Date }
  | { readonly done: 'nobody' | 'too-often' | 'gone' };

/** What people do about a meter's open alerts. Throws StoreUnavailable when the database is away. */
export type Actions = {
  acknowledge(deed: Deed): Promise<ActionResult>;
  snooze(deed: Deed & { readonly choice: SnoozeChoice }): Promise<ActionResult>;
  /**
   * Ends a snooze. `say` what still holds, as if it had ended by itself; or take it back (`edit`): the messages that stand show it, and
   * something new is said only of what was held back meanwhile.
   */
  unsnooze(deed: Deed & { readonly and: 'say' | 'edit' }): Promise<Unsnoozed>;
  /** How a source's periods recur, where its readings do not say: known figures get their period at once. */
  setPeriod(command: Doer & { readonly source: string; readonly period: PeriodSpec }): Promise<PeriodSet>;
  /**
   * A reminder to paste figures goes to the admins instead, or to operations; to each place once. Whoever it came to may hand it on, and an
   * admin what nobody has handed on yet.
   *
   * @param command.place where it is wished: whoever reads there was reminded when the reminder went there
   */
  remindOthers(
    command: Doer & { readonly source: string; readonly place: DestinationAddress | null; readonly isAdmin: boolean },
  ): Promise<HandedOn>;
  /**
   * Nobody is reminded to paste the figures of a source any more, until somebody pastes again. `of`: only where it is the one who wishes
   * it that is reminded, or whoever is. `not-asked`: somebody else is.
   */
  stopReminding(
    command: Doer & { readonly source: string; readonly of: 'requester' | 'everybody' },
  ): Promise<{ readonly done: 'stopped' | 'not-asked' | 'nothing' }>;
  /** Keeps what somebody was refused, so that they may ask for it. `place`: where it has to be said; null when anywhere does. Returns its id. */
  keepRefused(refused: {
    readonly account: string;
    readonly by: string;
    readonly platform: DestinationKind;
    readonly command: string;
    readonly place: DestinationAddress | null;
  }): Promise<string>;
  /** Tells the admins of creditwatch.yml what somebody was refused and wishes. @param request the id of what was refused, from outside */
  askAdmins(asked: {
    readonly account: string;
    readonly by: string;
    readonly platform: DestinationKind;
    readonly invokedAs: string;
    readonly request: string;
  }): Promise<Asked>;
  /** Records that somebody got figures as a table. `what`: a meter by its full name; null for several. */
  exported(command: Doer & { readonly what: string | null }): Promise<void>;
  /** What was last taken for a reset of a meter was a correction. */
  correct(deed: Deed): Promise<Corrected>;
  /** More was asked for: the alert is quiet until the total changes and its message shows who asked; whoever approves it is told. */
  request(deed: Deed & { readonly ask: RequestAsk; readonly to: string | null }): Promise<Requested>;
};
