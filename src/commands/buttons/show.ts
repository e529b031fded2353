import { parseCommand } from '../registry.ts';
import type { ButtonHandler } from './button.ts';

/** Answers the command in the value of the button. */
export const show: ButtonHandler = (command, context) => parseCommand(command).run(context);

/** Answers the command for everyone; a refusal is shown only to the person who clicked. */
export const share: ButtonHandler = async (command, context) => {
  const reply = await parseCommand(command).run(context);
  if (reply.kind !== 'message' || reply.to === 'alone') return reply;
  // A public answer needs no share button.
  const buttons = reply.message.buttons?.filter(({ action }) => action !== 'share');
  return { kind: 'message', to: 'everybody', message: { ...reply.message, ...(buttons && { buttons }) } };
};
