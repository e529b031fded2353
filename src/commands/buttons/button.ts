import type { Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';

/** What a button does. The value comes back from outside and may be anything. */
export type ButtonHandler = (value: string, context: CommandContext) => Promise<Reply>;
