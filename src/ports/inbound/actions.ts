import type { Result } from '../../core/result.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { RequestAsk } from '../../core/meters/request.ts';
import type { SnoozeChoice } from '../../core/alerts/snooze.ts';
import type { MeterKey } from '../stores/action-store.ts';
import type { Person } from '../../core/text/person.ts';

/** The person who acts. */
type Doer = { readonly account: string; readonly by: Person };

/** The person who acts, and the meter: by its id, or by the id of one of its open alerts. */
type Deed = Doer & { readonly on: MeterKey };

/** The result of an action. `already`: another person was first. */
export type ActionResult =
  | { readonly done: 'acknowledged' }
  | { readonly done: 'already'; readonly by: Person; readonly at: Date }
  /** `worseComes`: the meter has a higher alert level, which would still be posted. */
  /** `others`: the other choices, one for each end time. */
  | {
      readonly done: 'snoozed';
      readonly choice: SnoozeChoice;
      readonly until: Date | null;
      readonly worseComes: boolean;
      readonly others: readonly SnoozeChoice[];
    }
  /** The meter has no open alert. */
  | { readonly done: 'no-alert' };

/** `no-alert`: the meter does not exist, or the alert is not open. */
export type Unsnoozed = { readonly done: 'unsnoozed' | 'not-snoozed' | 'no-alert' };

/**
 * `isSnoozed`: the request snoozed an open alert. `worseComes`: as for a snooze. `notified`: the approvers, without the
 * requester.
 */
export type Requested =
  | { readonly done: 'requested'; readonly isSnoozed: boolean; readonly worseComes: boolean; readonly notified: readonly Person[] }
  | { readonly done: 'already'; readonly by: Person; readonly at: Date }
  | { readonly done: 'no-meter' };

/** `resetsAt`: the next reset after now; null if the figures never reset, or if there are none. */
type PeriodSet = { readonly done: 'set'; readonly resetsAt: Date | null } | { readonly done: 'managed-in-file' | 'no-source' };
type Corrected = { readonly done: 'corrected' } | { readonly done: 'already'; readonly by: Person } | { readonly done: 'nothing' };

/**
 * `nobody`: there is no one else to ask. `already`: the reminder was reassigned before. `nothing`: there is no reminder that this
 * person may reassign.
 */
type Reassigned =
  { readonly done: 'asked'; readonly whom: readonly DestinationAddress[] } | { readonly done: 'nobody' | 'already' | 'nothing' };

/**
 * `whom`: the admins. `already`: this person asked for the same thing before, at `at`. `nobody`: no admin can be reached.
 * `too-often`: the daily limit of this person, or of the account, is used up. `gone`: no request of this person has that id.
 */
type Asked =
  | { readonly done: 'asked'; readonly whom: readonly Person[] }
  | { readonly done: 'already'; readonly whom: readonly Person[]; readonly at: Date }
  | { readonly done: 'nobody' | 'too-often' | 'gone' };

/** A capture key that was just made. It is shown once. */
export type MadeCaptureKey = {
  readonly key: string;
  /** Names the key in lists and to revoke it. */
  readonly name: string;
  /** Opens the page that gives the key to a browser. A secret, like the key. */
  readonly link: string;
  /** The sources of which nothing is known: no figures, no entry in creditwatch.yml, no vendor of that name. */
  readonly newSources: readonly string[];
};

/** Why no capture key was made. `mistyped`: a source of which nothing is known, and the known one that it looks like. */
export type CaptureKeyProblem =
  { readonly kind: 'not-started' } | { readonly kind: 'mistyped'; readonly source: string; readonly nearest: string };

/**
 * Actions that people take in chat on alerts, snoozes, periods, reminders and permission requests. Adding to the audit record is part
 * of each.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer.
 */
export type Actions = {
  /** Makes a key that can only write pages of some sources. `mayBeNew`: also of new ones whose name resembles another. */
  makeCaptureKey(
    deed: Doer & { readonly sources: readonly string[]; readonly mayBeNew: boolean },
  ): Promise<Result<MadeCaptureKey, CaptureKeyProblem>>;
  acknowledge(deed: Deed): Promise<ActionResult>;
  snooze(deed: Deed & { readonly choice: SnoozeChoice }): Promise<ActionResult>;
  /**
   * Ends a snooze. With `say`, an open alert is posted as if the snooze had ended by itself. With `edit`, the posted messages are
   * updated, and only alerts that were held back in the meantime are posted.
   */
  unsnooze(deed: Deed & { readonly and: 'say' | 'edit' }): Promise<Unsnoozed>;
  /**
   * States the total of a meter, in its smallest unit, for readings that carry none; null takes it back. If the total of the current
   * figures was not known, they count with it at once. A stated total
   * that a reading shows to be too small does not count.
   */
  stateTotal(deed: Deed & { readonly total: bigint | null }): Promise<{ readonly done: 'stated' | 'no-meter' }>;
  /** Sets how the periods of a source recur, for readings that carry no period. Stored readings get their period at once. */
  setPeriod(command: Doer & { readonly source: string; readonly period: PeriodSpec }): Promise<PeriodSet>;
  /**
   * Reassigns a reminder to paste figures to the admins, or to operations; each destination gets it once. The person who got the
   * reminder may reassign it. An admin may reassign it if no one has yet.
   *
   * @param command.place where the command was typed: people in that place were reminded if the reminder was posted there
   */
  remindOthers(
    command: Doer & { readonly source: string; readonly place: DestinationAddress | null; readonly isAdmin: boolean },
  ): Promise<Reassigned>;
  /**
   * Stops the reminders to paste the figures of a source until someone pastes again. `of: 'requester'` stops them only if the requester
   * is the one who is reminded. `not-asked`: another person is.
   */
  stopReminding(
    command: Doer & { readonly source: string; readonly of: 'requester' | 'everybody' },
  ): Promise<{ readonly done: 'stopped' | 'not-asked' | 'nothing' }>;
  /**
   * Stores a refused command, so that the requester can ask the admins for it. Returns its id. `place`: where the command must be
   * typed; null if the place does not matter.
   */
  keepRefused(refused: {
    readonly account: string;
    readonly by: Person;
    readonly command: string;
    readonly place: DestinationAddress | null;
  }): Promise<string>;
  /**
   * Sends a permission request to the admins of creditwatch.yml.
   *
   * @param asked.request the id of the refused command; untrusted input
   */
  askAdmins(asked: { readonly account: string; readonly by: Person; readonly invokedAs: string; readonly request: string }): Promise<Asked>;
  /** Records an export of figures in the audit record. `what`: the full name of one meter; null for several. */
  exported(command: Doer & { readonly what: string | null }): Promise<void>;
  /** Reclassifies the latest presumed reset of a meter as a correction. */
  correct(deed: Deed): Promise<Corrected>;
  /**
   * Records that more credits were requested. The alert is snoozed until the total changes, its message shows the requester, and the
   * approvers are notified.
   */
  request(deed: Deed & { readonly ask: RequestAsk; readonly to: string | null; readonly buy: string | null }): Promise<Requested>;
};
