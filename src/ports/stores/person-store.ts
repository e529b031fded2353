import type { Actor } from '../../core/audit/audit.ts';

/** Rows of a table, each as an object by the names of its columns. */
export type StoredRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export type PersonStore = {
  /** All rows that name a person, by table, with the messages that went to the person alone. Secrets and figures of meters are left out. */
  stored(person: string, how: { readonly actor: Actor; readonly now: Date }): Promise<StoredRows>;
  /**
   * Forgets a person in every account: who did something is `somebody` from then on, nobody is mentioned, told or asked in the person's
   * place, and what went to the person alone is deleted. Alerts, snoozes and figures stay.
   *
   * @returns how many rows of each table have named the person
   */
  forget(person: string, how: { readonly actor: Actor; readonly now: Date }): Promise<Readonly<Record<string, number>>>;
};
