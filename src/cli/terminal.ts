import { styleText } from 'node:util';
import type { Message } from '../core/words/message.ts';
import { plainMessage } from '../core/words/plain.ts';
import { forTerminal } from './for-terminal.ts';

/**
 * For a service: where standard output or the log cannot be written (a full disk, a reader that is gone), what was to be said is lost
 * and everything else goes on. Node would end the process.
 */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** What people asked for goes to standard output; a reader that has gone away is no error. */
export function print(text: string): void {
  process.stdout.write(`${forTerminal(text)}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${forTerminal(text)}\n`);
}

export const strong = process.stdout.isTTY ? (text: string) => styleText('bold', text) : undefined;

export function printMessage(message: Message, timeZone: string): void {
  print(plainMessage(message, { timeZone, now: new Date(), ...(strong && { strong }) }));
}
