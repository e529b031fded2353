import type { ButtonAction } from '../../core/text/message.ts';
import { toRequesterAlone } from '../../ports/inbound/chat.ts';
import { requestButton } from '../request.ts';
import { openForm } from '../forms/registry.ts';
import { refusedLook } from '../permissions.ts';
import { acknowledge } from './acknowledge.ts';
import { ask } from './ask.ts';
import type { ButtonHandler } from './button.ts';
import { share, show } from './show.ts';
import { snooze } from './snooze.ts';

/** Restricts a button to people who may see the figures. */
function forViewers(handler: ButtonHandler): ButtonHandler {
  return async (value, context) => {
    const refused = await refusedLook(context);
    return refused === null ? handler(value, context) : toRequesterAlone(refused);
  };
}

/** All buttons. A new one is one file, one line here and one in src/core/text/message.ts. */
export const buttonHandlers = {
  // Buttons of a message that the person already sees, so they reveal nothing more.
  acknowledge,
  snooze,
  ask,
  // Commands, which check permissions themselves.
  show,
  share,
  request: forViewers(requestButton),
  'fill-in': forViewers(openForm),
} satisfies Record<ButtonAction, ButtonHandler>;
