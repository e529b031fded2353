import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Platform } from '../chat/platform.ts';
import type { Message } from '../core/text/message.ts';
import { plainMessage } from '../messages/text/plain.ts';
import { redactor } from './secrets.ts';
import { forTerminal } from './for-terminal.ts';
import type { OpenStore } from './open-database.ts';

/** What a command reads from. */
type Input = Readable & { readonly isTTY?: boolean };
/** What a command writes to. */
type Output = Writable & { readonly isTTY?: boolean };

/** What the program was called with, but for the words of the call. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. Files are named from here. */
  readonly cwd: string;
  readonly input: Input;
  readonly output: Output;
  readonly errors: Output;
  /** How the store of DATABASE_URL is opened; without it, with connections of its own. */
  readonly openStore?: OpenStore;
  /** The platforms that there are; without it, those of `src/app/platforms.ts`. */
  readonly platforms?: readonly Platform[];
};

/** Exit codes: 0 done, 1 failed, 2 the configuration or the call is wrong. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** Where a command is typed: whatever it reads and writes goes through here. */
export type Terminal = Surroundings & {
  /** What people asked for, to standard output; a reader that has gone away is no error. */
  print(text: string): void;
  /** What is to be known beside it, to standard error. */
  complain(text: string): void;
  /** Says what went wrong, without any secret; the command then ends with 1. */
  fail(message: string): void;
  /** Says what is wrong with the call; the command then ends with 2. */
  refuse(message: string): void;
  /** The command ends with this code once it is through. */
  endWith(exitCode: number): void;
  readonly exitCode: () => number;
  /** How a heading is shown; undefined where standard output is no terminal. */
  readonly strong: ((text: string) => string) | undefined;
};

export function createTerminal(surroundings: Surroundings): Terminal {
  const { output, errors } = surroundings;
  let exitCode = 0;
  const complain = (text: string): void => void errors.write(`${forTerminal(text)}\n`);
  return {
    ...surroundings,
    print: (text) => void output.write(`${forTerminal(text)}\n`),
    complain,
    fail(message) {
      complain(redactor.redact(message));
      exitCode = EXIT_FAILED;
    },
    refuse(message) {
      complain(message);
      exitCode = EXIT_USAGE;
    },
    endWith: (code) => void (exitCode = code),
    exitCode: () => exitCode,
    strong: output.isTTY === true ? (text) => styleText('bold', text, { validateStream: false }) : undefined,
  };
}

/**
 * For a service: where standard output or the log cannot be written (a full disk, a reader that is gone), what was to be said is lost
 * and everything else goes on. Node would end the process.
 */
export function surviveLostOutput({ output, errors }: Terminal): void {
  for (const stream of [output, errors]) stream.on('error', () => {});
}

export function printMessage(terminal: Terminal, message: Message, timeZone: string): void {
  const { strong } = terminal;
  terminal.print(plainMessage(message, { timeZone, now: new Date(), ...(strong && { strong }) }));
}
