import { fail } from './configure.ts';
import { print } from './terminal.ts';
import { userName } from './user-name.ts';
import { withDesk } from './with-desk.ts';

/**
 * `creditwatch test <route>`: stores a labelled test message and waits until it stands there. It takes the way of an
 * alert: the running service posts it, and without one this process does.
 */
export async function testRoute(route: string, account: string | null): Promise<void> {
  await withDesk({ declares: true }, async (desk) => {
    const sent = await desk.test({ account, user: userName(), route });
    if (sent.ok) print(sent.value);
    else fail(sent.error);
  });
}
