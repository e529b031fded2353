import type { Chat } from '../ports/inbound/chat.ts';
import type { ChatParts } from './command.ts';
import { submitForm } from './forms/registry.ts';
import { pressKinds } from './buttons/registry.ts';
import { parseCommand } from './registry.ts';

/** Binds commands, presses and forms to the database and the clock, for the rooms to answer with. */
export function createChat(parts: ChatParts): Chat {
  return {
    answer: (text, asker) => parseCommand(text).run({ asker, ...parts }),
    press: ({ action, value }, asker) => pressKinds[action](value, { asker, ...parts }),
    submit: ({ form, values }, asker) => submitForm(form, values, { asker, ...parts }),
  };
}
