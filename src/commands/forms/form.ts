import type { Invalid, Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';

/** A kind of form. `about` is what stands behind its name in the id: it comes back from outside and may be anything. */
export type FormKind = {
  open(about: string, context: CommandContext): Promise<Reply>;
  submit(about: string, values: Readonly<Record<string, string>>, context: CommandContext): Promise<Reply | Invalid>;
};
