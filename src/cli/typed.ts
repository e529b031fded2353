import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Asks a question at the terminal and returns the answer, trimmed. */
export async function typed(terminal: Terminal, question: string): Promise<string> {
  const asked = createInterface({ input: terminal.input, output: terminal.output });
  try {
    return (await asked.question(question)).trim();
  } finally {
    asked.close();
  }
}
