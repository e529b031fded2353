import type { DatabaseProblem } from '../../core/database-problem.ts';
import { databaseProblemText } from '../failures/database.ts';

/** Why the body of a request was not read. */
export type UnreadBody = { readonly kind: 'too-large' | 'unknown-encoding' | 'damaged' | 'full' | 'cut-off' };

/**
 * Explains to a sender why the body was not read.
 *
 * @param mostMib the size of the largest body that is read, in MiB
 */
export function unreadBodyText({ kind }: UnreadBody, mostMib: number): string {
  switch (kind) {
    case 'too-large':
      return `the body is larger than ${String(mostMib)} MiB`;
    case 'unknown-encoding':
      return 'this content encoding is not understood: send gzip, deflate, br or none';
    case 'damaged':
      return 'the body is not compressed as content-encoding says';
    case 'full':
      return `too many bodies are arriving at once; ${NOT_STORED}`;
    case 'cut-off':
      return 'the body ended too early';
  }
}

/** Explains to a sender why the database could not be used. */
export function notReachedText(problem: DatabaseProblem | null, remedy: string): string {
  return `${problem === null ? 'the database is not available' : databaseProblemText(problem)}; ${remedy}`;
}

/** What a sender can do if nothing of a request was stored. */
export const NOT_STORED = 'nothing was stored, send it again';
