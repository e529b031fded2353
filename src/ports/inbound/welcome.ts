import type { Person, PlatformId } from '../../core/text/person.ts';

/** A workspace where the app is installed and works. */
type Installed = {
  readonly account: string;
  readonly kind: PlatformId;
  readonly team: string;
  readonly command: string;
  readonly readsMessages: boolean;
  /** The person who has just installed the app. They get the welcome if no admin is configured. */
  readonly by: Person | null;
};

/** Posts a welcome message once per workspace, even across restarts and processes. */
export type Welcome = (installed: Installed) => Promise<void>;
