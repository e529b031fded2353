import { fail } from './configure.ts';
import { print, strong } from './terminal.ts';
import { userName } from './user-name.ts';
import { withDesk } from './with-desk.ts';

/** `creditwatch usage …`: what `/usage …` answers, here. */
export async function usage(text: string, { account, json }: { readonly account: string | null; readonly json: boolean }): Promise<void> {
  await withDesk({ declares: false }, async (desk) => {
    const answer = await desk.answer({ account, user: userName(), text, strong: strong !== undefined, json });
    if (!answer.ok) return fail(answer.error);
    if (answer.value !== '') print(answer.value);
  });
}
