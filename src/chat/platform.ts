import type { Express } from 'express';
import type { z } from 'zod';
import type { Capabilities } from '../core/notifications/delivery-plan.ts';
import type { Bodies } from '../http/request-bodies.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Welcome } from '../ports/inbound/welcome.ts';
import type { CurrentMessage } from '../ports/outbound/current-message.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { Store } from '../ports/stores/store.ts';

/**
 * A platform that messages go to, and all that the rest of Creditwatch has to know of it. Its folder exports one, and the list in
 * `src/app/platforms.ts` names it: configuration, routes, `doctor`, `test`, the start and the service read that list and no other.
 */
export type Platform = {
  /** Names it in addresses (`slack:C0123456789`), in the database and in the log. It never changes. */
  readonly id: string;
  /** What people call it, behind `in`: `Slack`, `the terminal`. */
  readonly name: string;
  /** How its destinations are written in a route of creditwatch.yml; null where no route leads to it. */
  readonly route: RouteKey | null;
  /** The key of an account in creditwatch.yml that lists its workspaces: `slackTeams`; null where it has none. */
  readonly workspacesKey: string | null;
  /** Whether an id is that of one of its people, by its form: read where creditwatch.yml names a person by a bare id. */
  readonly isPerson: (id: string) => boolean;
  /** Whether only one person reads at an address of it. */
  readonly isDirect: (address: string) => boolean;
  /** The least time between two messages to one destination, in milliseconds. */
  readonly paceMs: number;
  readonly can: PlatformCapabilities;
  /** How an operator connects it; null where there is nothing to connect. */
  readonly setUp: SetUp | null;
  /** What the environment says of it; null where it is not connected, or where a problem was reported. */
  readonly configure: (environment: PlatformEnvironment) => Connection | null;
};

type PlatformCapabilities = Capabilities & {
  /** Shows buttons, and takes clicks on them. */
  readonly buttons: boolean;
  readonly charts: boolean;
  /** Whether a message of an earlier attempt stands there can be looked up. */
  readonly find: boolean;
};

type RouteKey = {
  readonly key: string;
  /** Checks what is written behind the key, with a message of its own for each mistake. */
  readonly written: z.ZodType<string>;
  /** The address that stands for it everywhere else, where what is written is a secret. Without it, it is the address. */
  readonly addressOf?: (written: string) => string;
};

type SetUp = {
  /** The environment variable without which it is off. */
  readonly variable: string;
  /** Where the steps are described, as in `in Slack: README.md, "Connect Slack"`. */
  readonly guide: string;
  /** A sentence that says so. */
  readonly steps: string;
};

/** Reads variables, all in the same way: what is wrong with one is reported once, and all problems are shown together. */
export type PlatformEnvironment = {
  /** The value without what copying leaves around it; undefined when it is not set or empty. */
  readonly get: (name: string) => string | undefined;
  /** The same for a token, a key or a password. */
  readonly secret: (name: string) => string | undefined;
  /** The same for the path of a file or a folder. */
  readonly path: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  /** The same for a URL; null when it is not set. */
  readonly url: (name: string, protocols: readonly string[], example: string) => string | null;
  readonly problem: (where: string, message: string) => void;
  /** What the service listens on. */
  readonly host: string;
  /** Where the service is reached from outside, without a slash at its end; null: nobody said. */
  readonly publicUrl: string | null;
  /** Paths are relative to it. Absolute. */
  readonly cwd: string;
};

/** A platform that the environment connects: what was read is kept inside. */
export type Connection = {
  /** Values that must never be shown or logged. */
  readonly secrets: readonly string[];
  /** How it is connected, in one word for the log: `socket`, `http`. */
  readonly mode: string;
  /** How messages reach us from there, said at the start: `Socket Mode`; null where nothing does. */
  readonly reachedBy: string | null;
  /** Whole sentences that are said at the start beside it. */
  readonly notes: readonly string[];
  /** Looks at everything that can be wrong with it, for `doctor`. */
  readonly check: (parts: CheckParts) => Promise<readonly Finding[]>;
  /** Connects a service to it: commands are answered and messages posted. Nothing is called before `start`. Null where there is nothing to post to. */
  readonly open: (parts: OpenParts) => Promise<OpenPlatform | null>;
  /** The messenger alone, for a command that posts and answers nobody. Null where there is nothing to post to. */
  readonly openMessenger: (parts: MessengerParts) => Promise<Messenger | null>;
};

/** What creditwatch.yml says of an account in so far as it concerns one platform. */
export type PlatformAccount = {
  readonly id: string;
  readonly timeZone: string;
  /** Those of the platform that belong to it. */
  readonly workspaces: readonly string[];
  /** What its routes hold in secret, by the addresses that stand for it. */
  readonly secretAddresses: readonly SecretAddress[];
};
export type SecretAddress = { readonly address: string; readonly written: string };

export type MessengerParts = {
  readonly accounts: readonly PlatformAccount[];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What an operator does about a stored secret that cannot be decrypted. */
  readonly keyRemedy: string;
  /** Prints whole paragraphs where this process was started. */
  readonly write: (text: string) => void;
  readonly strong?: (text: string) => string;
};

export type OpenParts = MessengerParts & {
  readonly chat: Chat;
  readonly currentMessage: CurrentMessage;
  readonly welcome: Welcome;
  /** Called once an installation is stored: what was purged meanwhile is declared anew, and sent. */
  readonly onInstalled: () => Promise<void>;
  /** Reads what nobody vouches for yet; shared by all that does. */
  readonly unverified: Bodies;
  /** So soon a process knows of an installation that another one stored, in milliseconds. */
  readonly lookEveryMs?: number | undefined;
};

export type OpenPlatform = {
  readonly messenger: Messenger;
  /** Adds its HTTP routes. They read their own bodies. */
  readonly mount?: (app: Express) => void;
  /** Connects and stays connected. A platform that is away is logged and tried again, never an error. */
  readonly start?: () => Promise<void>;
  /** Takes nothing more and waits for the answers that are under way, at most 8 s. */
  readonly stop?: () => Promise<void>;
  /** What the running service has seen of the platform, as JSON for its own `check`. */
  readonly status?: () => unknown;
};

export type CheckParts = {
  readonly publicUrl: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly keyRemedy: string;
  readonly accounts: readonly PlatformAccount[];
  /** The database as far as it is there now; null when it is not. Closed by the caller. */
  readonly openStore: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> } | null>;
  /** What `status` says in the running service, as JSON; `stopped` when none runs, null when it does not say. */
  readonly status: () => Promise<unknown>;
};

/** One line of a report: what was looked at, how it is, and what to do when it is not well. */
export type Finding = { readonly what: string; readonly state: 'ok' | 'off' | 'bad'; readonly says: string };

/** A platform beside what the environment says of it: null where it is not connected. */
export type ConfiguredPlatform = Platform & { readonly connection: Connection | null };

export function findPlatform<T extends Pick<Platform, 'id'>>(platforms: readonly T[], id: string): T | undefined {
  return platforms.find((one) => one.id === id);
}

/** `Slack or Teams`: those that an operator can connect. */
export function connectableNames(platforms: readonly Pick<Platform, 'name' | 'setUp'>[]): string {
  const names = platforms.flatMap(({ name, setUp }) => (setUp === null ? [] : [name]));
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
