import type { Form } from '../../core/text/form.ts';
import { refusedChange } from '../../messages/replies/may-change.ts';
import { BROKEN } from '../../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Requester, type Chat, type Reply } from '../../ports/inbound/chat.ts';
import type { ButtonClick } from '../views/actions.ts';

/** `invalid`: the form once more, with what is wrong and what was filled in. */
export type Taken =
  | Reply
  | {
      readonly kind: 'invalid';
      readonly reopened: Form;
      readonly problems: Readonly<Record<string, string>>;
      readonly values: Readonly<Record<string, string>>;
    };

/** Does what a button of ours stands for. `data` is all that came with it: of a form, what was filled in. Throws StoreUnavailable when the database is away. */
export async function takeButton(pressed: ButtonClick, data: unknown, requester: Requester, chat: Chat): Promise<Taken> {
  switch (pressed.creditwatch) {
    case 'refresh':
      return { kind: 'done' };
    case 'press':
      // What is only shown does by itself what the same words typed would do.
      return (pressed.action === 'show' ? null : await refusal(requester)) ?? chat.clickButton(pressed, requester);
    case 'submit': {
      const refused = await refusal(requester);
      if (refused !== null) return refused;
      const values = filledIn(data);
      const submitted = await chat.submit({ form: pressed.form, values }, requester);
      if (submitted.kind !== 'invalid') return submitted;
      // The card brought back only its name.
      const again = await chat.clickButton({ action: 'fill-in', value: pressed.form }, requester);
      return again.kind === 'form' ? { kind: 'invalid', reopened: again.form, problems: submitted.problems, values } : toRequester(BROKEN);
    }
  }
}

async function refusal(requester: Requester): Promise<Reply | null> {
  const refused = refusedChange(await requester.mayChange());
  return refused && toRequesterAlone(refused);
}

/** The fields of a form stand beside what its button carries. */
function filledIn(data: unknown): Record<string, string> {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === 'string' && name !== 'creditwatch' && name !== 'form' ? [[name, value] as const] : [],
    ),
  );
}
