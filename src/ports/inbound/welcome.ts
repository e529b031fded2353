import type { DestinationKind } from '../../core/notifications/route.ts';

/** A workspace in which the app works. */
type Installed = {
  readonly account: string;
  readonly kind: DestinationKind;
  readonly team: string;
  readonly command: string;
  readonly readsMessages: boolean;
  /** Who installed it just now: welcomed where no admin is named. */
  readonly by: string | null;
};

/** Tells whoever installed it what it does: once for each workspace, however often and in however many processes it starts. */
export type Welcome = (installed: Installed) => Promise<void>;
