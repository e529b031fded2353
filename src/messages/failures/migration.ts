import type { DatabaseProblem } from '../../core/database-problem.ts';
import { databaseProblemText, databaseRemedy } from './database.ts';

/** Why a migration was not applied. `said`: the message of the database. */
type Failure =
  | { readonly kind: 'changed' | 'failed' | 'unknown-newer'; readonly migration: string }
  | { readonly kind: 'sql-error'; readonly migration: string; readonly problem: DatabaseProblem | null; readonly said: string };

/** Says why the database could not be brought up to date, and the next step. */
export function migrationFailureText(failure: Failure): string {
  const { kind, migration } = failure;
  switch (kind) {
    case 'changed':
      return `The migration ${migration} was changed after it was applied. Restore prisma/migrations as it was released.`;
    case 'failed':
      return `The migration ${migration} failed before and may be half applied. Restore the database from a backup, or repair it and mark the migration with prisma migrate resolve.`;
    case 'unknown-newer':
      return `The database was used by a newer version of Creditwatch (it has the migration ${migration}). Start that version, or restore a backup from before it.`;
    case 'sql-error': {
      const { problem, said } = failure;
      const start = `The migration ${migration} failed and was rolled back`;
      return problem === null
        ? `${start}: ${said}. Start the version of Creditwatch that ran before, and report this.`
        : `${start}: ${databaseProblemText(problem)} (${said}). ${databaseRemedy(problem)}`;
    }
  }
}
