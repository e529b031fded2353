import { styleText } from 'node:util';
import type { Message } from '../core/words/message.ts';
import { plainMessage } from '../core/words/plain.ts';

/** What people asked for goes to standard output; a reader that has gone away is no error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

export const strong = process.stdout.isTTY ? (text: string) => styleText('bold', text) : undefined;

export function printMessage(message: Message, timeZone: string): void {
  print(plainMessage(message, { timeZone, now: new Date(), ...(strong && { strong }) }));
}
