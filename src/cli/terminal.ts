import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { styleText } from 'node:util';
import type { Platform } from '../chat/platform.ts';
import type { Message } from '../core/text/message.ts';
import { plainMessage } from '../messages/text/plain.ts';
import { redactor } from './secrets.ts';
import { forTerminal } from './for-terminal.ts';
import type { OpenStore } from './open-database.ts';

/** Asks a question at the terminal and returns the answer, trimmed. It is empty if the person presses Ctrl-C. */
export async function typed(terminal: Terminal, question: string): Promise<string> {
  const asked = createInterface({ input: terminal.input, output: terminal.output });
  try {
    return (await asked.question(question)).trim();
  } catch (error) {
    return emptyIfCancelled(error);
  } finally {
    asked.close();
  }
}

/** Asks for a secret, trimmed. What is typed is not shown. It is empty if the person presses Ctrl-C. */
export async function typedSecret(terminal: Terminal, question: string): Promise<string> {
  terminal.errors.write(forTerminal(question));
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asked = createInterface({ input: terminal.input, output: nowhere, terminal: true });
  try {
    return (await asked.question('')).trim();
  } catch (error) {
    return emptyIfCancelled(error);
  } finally {
    asked.close();
    terminal.errors.write('\n');
  }
}

function emptyIfCancelled(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return '';
  throw error;
}

/** The input of a command. */
type Input = Readable & { readonly isTTY?: boolean };
/** The output of a command. */
type Output = Writable & { readonly isTTY?: boolean };

/** What surrounds a call of the program, except its arguments. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The absolute path of the current folder. */
  readonly cwd: string;
  readonly input: Input;
  readonly output: Output;
  readonly errors: Output;
  /** Opens the store of DATABASE_URL. Without it, the store opens connections of its own. */
  readonly openStore?: OpenStore;
  /** All platforms. Without it, those of `src/app/platforms.ts`. */
  readonly platforms?: readonly Platform[];
};

/** Exit codes: 0 done, 1 failed, 2 the configuration or the arguments are wrong. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** The input and output of a command. */
export type Terminal = Surroundings & {
  /** Prints the result to standard output. If the reader has closed it, that is not an error. */
  print(text: string): void;
  /** Prints a note to standard error. */
  complain(text: string): void;
  /** Prints a failure to standard error, without secrets, and sets the exit code 1. */
  fail(message: string): void;
  /** Prints what is wrong with the arguments or the configuration to standard error, and sets the exit code 2. */
  refuse(message: string): void;
  /** Sets the exit code of the command. */
  endWith(exitCode: number): void;
  readonly exitCode: () => number;
  /** Formats a heading. Undefined if standard output is not a terminal. */
  readonly strong: ((text: string) => string) | undefined;
};

/** Creates the input and output of one command. */
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
 * Lets a service continue if standard output or the log cannot be written (a full disk, a closed reader). The output is lost. Without this,
 * Node would end the process.
 */
export function surviveLostOutput({ output, errors }: Terminal): void {
  for (const stream of [output, errors]) stream.on('error', () => {});
}

/** Prints a message as text, with times in this zone. */
export function printMessage(terminal: Terminal, message: Message, timeZone: string): void {
  const { strong } = terminal;
  terminal.print(plainMessage(message, { timeZone, now: new Date(), ...(strong && { strong }) }));
}
