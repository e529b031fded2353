import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** What somebody at the terminal types after a question, without the spaces around it. */
export async function typed(terminal: Terminal, question: string): Promise<string> {
  const asked = createInterface({ input: terminal.input, output: terminal.output });
  try {
    return (await asked.question(question)).trim();
  } finally {
    asked.close();
  }
}
