/** The running service rejected a request of the command line. `why`: its reason; null if it gave none. */
export function serviceRefusedText(url: string, status: number, why: string | null): string {
  return `The service at ${url} answered ${String(status)}: ${why ?? 'without a reason'}.`;
}

/** The running service cannot be reached. `why`: the message of the network. */
export function serviceAwayText(url: string, why: string): string {
  return `The service at ${url} did not answer: ${why}.`;
}

export const EMPTY_BACKUP = 'The service sent an empty backup. Check its log.';

/** A request to the local API without the token of the data folder. `serviceRefusedText` adds the full stop. */
export const LOCAL_TOKEN_NEEDED = 'only the command line of the same data folder may use this';

/** A request to the local API that cannot be parsed. */
export const OTHER_VERSION = 'the request cannot be read; the command line and the service may have different versions';
