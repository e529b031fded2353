import type { Form } from '../../core/text/form.ts';
import { refusedChange } from '../../messages/replies/may-change.ts';
import { BROKEN } from '../../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Requester, type Chat, type Reply } from '../../ports/inbound/chat.ts';
import type { ButtonClick } from '../views/actions.ts';

/** The result of a click. `invalid`: the form again, with its problems and the submitted values. */
export type Taken =
  | Reply
  | {
      readonly kind: 'invalid';
      readonly reopened: Form;
      readonly problems: Readonly<Record<string, string>>;
      readonly values: Readonly<Record<string, string>>;
    };

/**
 * Performs the action of a button. `data` is all that the click sent: for a form, also the submitted values.
 *
 * @throws StoreUnavailable if the database cannot be reached
 */
export async function takeButton(pressed: ButtonClick, data: unknown, requester: Requester, chat: Chat): Promise<Taken> {
  switch (pressed.creditwatch) {
    case 'refresh':
      return { kind: 'done' };
    case 'press':
      // `show` runs a command, which checks access by itself.
      return (pressed.action === 'show' ? null : await refusal(requester)) ?? chat.clickButton(pressed, requester);
    case 'submit': {
      const refused = await refusal(requester);
      if (refused !== null) return refused;
      const values = filledIn(data);
      const submitted = await chat.submit({ form: pressed.form, values }, requester);
      if (submitted.kind !== 'invalid') return submitted;
      // The click sent only the name of the form.
      const again = await chat.clickButton({ action: 'fill-in', value: pressed.form }, requester);
      return again.kind === 'form' ? { kind: 'invalid', reopened: again.form, problems: submitted.problems, values } : toRequester(BROKEN);
    }
  }
}

async function refusal(requester: Requester): Promise<Reply | null> {
  const refused = refusedChange(await requester.mayChange());
  return refused && toRequesterAlone(refused);
}

/** Returns the fields of a form, which are next to the data of its button. */
function filledIn(data: unknown): Record<string, string> {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === 'string' && name !== 'creditwatch' && name !== 'form' ? [[name, value] as const] : [],
    ),
  );
}
