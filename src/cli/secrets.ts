import { createRedactor } from '../app/redact.ts';

/** The secrets that must not appear in the output or log of this process. */
export const redactor = createRedactor();

/** Registers a secret that was just generated or read. */
export function conceal(secret: string): void {
  redactor.register(secret);
}
