import { err, ok, type Result } from '../core/result.ts';
import { unknownAccount } from '../messages/replies/operations.ts';

/**
 * Returns the accounts that a command names.
 *
 * @param named null for all of them
 * @returns the error is one sentence that lists the accounts
 */
export function chooseAccounts<A extends { readonly id: string }>(all: readonly A[], named: string | null): Result<readonly A[], string> {
  const chosen = named === null ? all : all.filter(({ id }) => id === named);
  if (chosen.length > 0) return ok(chosen);
  return err(
    unknownAccount(
      named ?? '',
      all.map(({ id }) => id),
    ),
  );
}
