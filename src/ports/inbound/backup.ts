import type { Person } from '../../core/text/person.ts';

/**
 * Streams the bytes of a backup. `actor`: the operator who takes it, for the audit record. Throws an Error with a message for the
 * operator if no backup can be taken.
 */
export type TakeBackup = (actor: Person) => AsyncGenerator<Buffer, void>;
