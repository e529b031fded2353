import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Person } from '../../core/text/person.ts';

/** What the wording of a stored snapshot needs beside the snapshot. */
export type RenderContext = {
  readonly timeZone: string;
  readonly mentions: readonly Person[];
  /** `reply`: in the thread of the message that it is about, so it need not repeat that message. */
  readonly place: 'new' | 'edit' | 'reply';
  /** The disabled destination that the message was meant for; absent or null if it is sent to its own. */
  readonly originalDestination?: DestinationAddress | null;
  /** Whether the message above a reply is about several meters. */
  readonly underSummary?: boolean;
};
