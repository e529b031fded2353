import type { Actor } from '../../core/audit/audit.ts';
import type { Person } from '../../core/text/person.ts';

/** Rows by table, each row as an object by column name. */
export type StoredRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export type PersonStore = {
  /**
   * Returns all rows that name a person, by table, and the messages sent to that person directly. Secrets and figures of meters are
   * left out.
   */
  stored(person: Person, how: { readonly actor: Actor; readonly now: Date }): Promise<StoredRows>;
  /**
   * Anonymizes a person in every account. Actions are then attributed to `somebody`, no other person is notified instead, and messages
   * sent to the person directly are deleted. Alerts, snoozes and figures stay.
   *
   * @returns how many rows of each table named the person
   */
  forget(person: Person, how: { readonly actor: Actor; readonly now: Date }): Promise<Readonly<Record<string, number>>>;
};
