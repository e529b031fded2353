import { createRedactor } from '../app/redact.ts';

/** What must not appear in anything that this process complains of or logs. */
export const redactor = createRedactor();

/** A secret that was made or read just now: it is not shown from here on. */
export function conceal(secret: string): void {
  redactor.register(secret);
}
