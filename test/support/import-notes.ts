import type { ImportNote } from '../../src/core/text/import-problem.ts';

/** What is wrong, as a code: of the number if it is about one, else of the line. */
export function noteCode(note: ImportNote): string {
  if ('repeated' in note) return 'repeated';
  const { problem } = note;
  return problem.kind === 'bad-number' || problem.kind === 'bad-figure' ? problem.problem.code : problem.kind;
}
