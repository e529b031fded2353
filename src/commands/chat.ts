import type { Chat } from '../ports/inbound/chat.ts';
import type { ChatParts } from './command.ts';
import { submitForm } from './forms/registry.ts';
import { buttonHandlers } from './buttons/registry.ts';
import { parseCommand } from './registry.ts';

/** Creates the chat, which runs commands, buttons and forms for the adapters. */
export function createChat(parts: ChatParts): Chat {
  return {
    answer: (text, requester) => parseCommand(text).run({ requester, ...parts }),
    clickButton: ({ action, value }, requester) => buttonHandlers[action](value, { requester, ...parts }),
    submit: ({ form, values }, requester) => submitForm(form, values, { requester, ...parts }),
  };
}
