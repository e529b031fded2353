import { databaseProblemText, refusedStatementText } from '../messages/failures/database.ts';
import { StoreRefused, StoreUnavailable } from '../ports/stores/store-errors.ts';

/** Returns the text of a thrown error for the operator: of the store's errors from their data, of all others their message. */
export function errorText(error: unknown): string {
  if (error instanceof StoreUnavailable) return databaseProblemText(error.problem);
  if (error instanceof StoreRefused) return refusedStatementText(error);
  return error instanceof Error ? error.message : String(error);
}
