import { currentOperator } from './current-operator.ts';
import { withOperations } from './with-operations.ts';
import type { Terminal } from './terminal.ts';

/**
 * `creditwatch test <route>`: stores a labelled test message and waits until it is posted. It is handled like an alert: the running service
 * posts it, or this process if no service runs.
 */
export async function testRoute(terminal: Terminal, route: string, account: string | null): Promise<void> {
  await withOperations(terminal, { declares: true }, async (operations) => {
    const sent = await operations.test({ account, actor: currentOperator(), route });
    if (sent.ok) terminal.print(sent.value);
    else terminal.fail(sent.error);
  });
}
