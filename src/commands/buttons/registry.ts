import type { ButtonAction } from '../../core/text/message.ts';
import { toRequesterAlone } from '../../ports/inbound/chat.ts';
import { requestButton } from '../request.ts';
import { refusedLook } from '../permissions.ts';
import { acknowledge } from './acknowledge.ts';
import { ask } from './ask.ts';
import { fillIn } from './fill-in.ts';
import type { ButtonHandler } from './button.ts';
import { share, show } from './show.ts';
import { snooze } from './snooze.ts';

/** The same for those alone who may look. */
function forViewers(press: ButtonHandler): ButtonHandler {
  return async (value, context) => {
    const refused = await refusedLook(context);
    return refused === null ? press(value, context) : toRequesterAlone(refused);
  };
}

/** Every button there is. A new one is one file, one line here and one in core/words/message.ts. */
export const buttonHandlers = {
  // Of a message that whoever presses has before them: they learn no more from it.
  acknowledge,
  snooze,
  ask,
  // Commands, which know themselves whom they are for.
  show,
  share,
  request: forViewers(requestButton),
  'fill-in': forViewers(fillIn),
} satisfies Record<ButtonAction, ButtonHandler>;
