import { expect, test } from 'vitest';
import { migrationFailureText } from '../../../src/messages/failures/migration.ts';

const said = 'relation "one" already exists';

test.each([
  [
    { kind: 'changed', migration: '2_two' } as const,
    'The migration 2_two was changed after it was applied. Restore prisma/migrations as it was released.',
  ],
  [
    { kind: 'failed', migration: '2_two' } as const,
    'The migration 2_two failed before and may be half applied. Restore the database from a backup, or repair it and mark the migration with prisma migrate resolve.',
  ],
  [
    { kind: 'unknown-newer', migration: '2_two' } as const,
    'The database was used by a newer version of Creditwatch (it has the migration 2_two). Start that version, or restore a backup from before it.',
  ],
  [
    { kind: 'sql-error', migration: '2_two', problem: null, said } as const,
    `The migration 2_two failed and was rolled back: ${said}. Start the version of Creditwatch that ran before, and report this.`,
  ],
  [
    { kind: 'sql-error', migration: '2_two', problem: 'disk-fault', said: 'could not write' } as const,
    'The migration 2_two failed and was rolled back: the database cannot use its disk (could not write). Check the disk of the database. Its log has the details.',
  ],
])('%j is worded with the next step', (failure, text) => {
  expect(migrationFailureText(failure)).toBe(text);
});
