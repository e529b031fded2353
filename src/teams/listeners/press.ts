import type { Form } from '../../core/words/form.ts';
import { BROKEN } from '../../core/words/sorry.ts';
import { toAsker, type Chat, type Reply } from '../../ports/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { askerOf } from '../asker.ts';
import type { Inbound } from '../endpoint.ts';
import { patiently } from '../patience.ts';
import type { Pressed } from '../views/actions.ts';

/** `invalid`: the form once more, with what is wrong and what was filled in. */
export type Taken = Reply | { readonly kind: 'invalid'; readonly reopened: Form; readonly problems: Readonly<Record<string, string>>; readonly values: Readonly<Record<string, string>> };

/** Does what a button of ours stands for. `data` is all that came with it: of a form, what was filled in. Never throws. */
export async function takePress(pressed: Pressed, data: unknown, inbound: Inbound, { chat, clock, log }: { readonly chat: Chat; readonly clock: Clock; readonly log: Log }): Promise<Taken> {
  const asker = askerOf(inbound);
  switch (pressed.creditwatch) {
    case 'refresh':
      return { kind: 'done' };
    case 'press':
      return patiently(() => chat.press(pressed, asker), { clock, log });
    case 'submit': {
      const values = filledIn(data);
      return patiently(async () => {
        const submitted = await chat.submit({ form: pressed.form, values }, asker);
        if (submitted.kind !== 'invalid') return submitted;
        // The card brought back only its name.
        const again = await chat.press({ action: 'fill-in', value: pressed.form }, asker);
        return again.kind === 'form' ? { kind: 'invalid', reopened: again.form, problems: submitted.problems, values } : toAsker(BROKEN);
      }, { clock, log });
    }
  }
}

/** The fields of a form stand beside what its button carries. */
function filledIn(data: unknown): Record<string, string> {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(Object.entries(data).flatMap(([name, value]) => (typeof value === 'string' && name !== 'creditwatch' && name !== 'form' ? [[name, value] as const] : [])));
}
