import type { Chat } from '../ports/answer.ts';
import type { ChatParts } from './command.ts';
import { pressKinds } from './presses/registry.ts';
import { parseCommand } from './registry.ts';

/** Binds commands and presses to the database and the clock, for the rooms to answer with. */
export function createChat(parts: ChatParts): Chat {
  return {
    answer: (text, asker) => parseCommand(text).run({ asker, ...parts }),
    press: ({ action, value }, asker) => pressKinds[action](value, { asker, ...parts }),
  };
}
