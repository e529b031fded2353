import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Person } from '../../core/text/person.ts';

/** What a stored snapshot needs beside itself to be put into words. */
export type RenderContext = {
  readonly timeZone: string;
  readonly mentions: readonly Person[];
  /** `reply`: under the message that it is about, which need not be said again. */
  readonly place: 'new' | 'edit' | 'reply';
  /** The destination that is off and should have got it. */
  readonly originalDestination?: DestinationAddress | null;
  /** The message that a reply is under speaks of other things too. */
  readonly underSummary?: boolean;
};
