import type { Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';

/** Runs the action of a button. The value is untrusted input. */
export type ButtonHandler = (value: string, context: CommandContext) => Promise<Reply>;
