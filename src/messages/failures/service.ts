/** The running service rejected a request of the command line. `why`: its reason; null if it gave none. */
export function serviceRefusedText(url: string, status: number, why: string | null): string {
  return `The service at ${url} answered ${String(status)}: ${why ?? 'without a reason'}.`;
}

/** The running service cannot be reached. `why`: the message of the network. */
export function serviceAwayText(url: string, why: string): string {
  return `The service at ${url} did not answer: ${why}.`;
}

export const EMPTY_BACKUP = 'The service sent an empty backup. Check its log.';
