import { parseCommand } from '../registry.ts';
import type { ButtonHandler } from './button.ts';

/** Answers the command that the button stands for. */
export const show: ButtonHandler = (command, context) => parseCommand(command).run(context);

/** The same, for everybody to see; what is refused stays with whoever pressed. */
export const share: ButtonHandler = async (command, context) => {
  const reply = await parseCommand(command).run(context);
  if (reply.kind !== 'message' || reply.to === 'alone') return reply;
  // What everybody sees need not be shared again.
  const buttons = reply.message.buttons?.filter(({ action }) => action !== 'share');
  return { kind: 'message', to: 'everybody', message: { ...reply.message, ...(buttons && { buttons }) } };
};
