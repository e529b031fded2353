/** What a log may say of an error whose message could hold an address or a token. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
