import type { Invalid, Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';

/** A kind of form. `about`: the subject in its id, which is untrusted input. */
export type FormKind = {
  open(about: string, context: CommandContext): Promise<Reply>;
  submit(about: string, values: Readonly<Record<string, string>>, context: CommandContext): Promise<Reply | Invalid>;
};
