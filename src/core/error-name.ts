/** Returns the name of an error, for logs: its message could contain an address or a token. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
