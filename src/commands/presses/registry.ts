import type { ButtonAction } from '../../core/words/message.ts';
import { pressRequest } from '../request.ts';
import { acknowledge } from './acknowledge.ts';
import { ask } from './ask.ts';
import { fillIn } from './fill-in.ts';
import type { PressKind } from './press.ts';
import { share, show } from './show.ts';
import { snooze } from './snooze.ts';

/** Every button there is. A new one is one file, one line here and one in core/words/message.ts. */
export const pressKinds = { acknowledge, snooze, request: pressRequest, show, share, 'fill-in': fillIn, ask } satisfies Record<
  ButtonAction,
  PressKind
>;
