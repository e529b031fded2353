import { userInfo } from 'node:os';
import { fail } from './configure.ts';
import { print, strong } from './terminal.ts';
import { withDesk } from './with-desk.ts';

/** `creditwatch usage …`: what `/usage …` answers, here. */
export async function usage(text: string, { account, json }: { readonly account: string | null; readonly json: boolean }): Promise<void> {
  await withDesk({ declares: false }, async (desk) => {
    const answer = await desk.answer({ account, user: userName(), text, strong: strong !== undefined, json });
    if (!answer.ok) return fail(answer.error);
    if (answer.value !== '') print(answer.value);
  });
}

/** In a container the user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${String(process.getuid?.() ?? 'unknown')}`;
  }
}
