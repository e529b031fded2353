import { currentOperator } from './current-operator.ts';
import { withOperations } from './with-operations.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch usage …`: prints the answer of `/usage …`. */
export async function usage(
  terminal: Terminal,
  text: string,
  { account, json }: { readonly account: string | null; readonly json: boolean },
): Promise<void> {
  await withOperations(terminal, { declares: false }, async (operations) => {
    const answer = await operations.answer({
      account,
      actor: currentOperator(),
      text,
      strong: terminal.strong !== undefined,
      json,
      isRecorded: true,
    });
    if (!answer.ok) return terminal.fail(answer.error);
    if (answer.value !== '') terminal.print(answer.value);
  });
}
