import type { Express } from 'express';
import type { z } from 'zod';
import type { Capabilities } from '../core/notifications/delivery-plan.ts';
import type { Bodies } from '../http/request-bodies.ts';
import { TERMINAL } from '../core/notifications/route.ts';
import { joinList } from '../core/text/join-list.ts';
import { decodePerson, userIdSchema, type Person } from '../core/text/person.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Welcome } from '../ports/inbound/welcome.ts';
import type { CurrentMessage } from '../ports/outbound/current-message.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { Store } from '../ports/stores/store.ts';

/**
 * A platform that messages are sent to, and all that the rest of Creditwatch needs to know about it. Its folder exports one, and
 * `src/app/platforms.ts` lists them all: configuration, routes, `doctor`, `test` and the service read only that list.
 */
export type Platform = {
  /** Identifies the platform in addresses (`slack:C0123456789`), in the database and in the log. It never changes. */
  readonly id: string;
  /** Its name in sentences, after `in`: `Slack`, `the terminal`. */
  readonly name: string;
  /** How a route of creditwatch.yml names its destinations; null if no route can. */
  readonly route: RouteKey | null;
  /** The key of an account in creditwatch.yml that lists its workspaces: `slackTeams`; null if it has none. */
  readonly workspacesKey: string | null;
  /**
   * Whether an id that an operator writes without its platform, in creditwatch.yml or on the command line, belongs to a person here;
   * also whether only one person reads at an address. Everywhere else a person has a platform. Null if it has no people.
   */
  readonly isPerson: ((id: string) => boolean) | null;
  /** The least time between two messages to one destination, in milliseconds. */
  readonly paceMs: number;
  readonly can: PlatformCapabilities;
  /** How an operator connects it; null if nothing has to be connected. */
  readonly setUp: SetUp | null;
  /** The environment variables that it reads. */
  readonly settings: readonly string[];
  /** Reads its configuration from the environment; null if it is not connected, or if a problem was reported. */
  readonly configure: (environment: PlatformEnvironment) => Connection | null;
};

type PlatformCapabilities = Capabilities & {
  /** Whether a message of an earlier attempt can be looked up. */
  readonly find: boolean;
};

type RouteKey = {
  readonly key: string;
  /** Validates the value of the key, with its own message for each mistake. */
  readonly written: z.ZodType<string>;
  /** Returns the address for a value that is a secret. Without it, the value is the address. */
  readonly addressOf?: (written: string) => string;
};

type SetUp = {
  /** The environment variable that enables the platform. */
  readonly variable: string;
  /** Where the steps are described, to be put after `in`: `Slack: README.md, "Connect Slack"`. */
  readonly guide: string;
  /** The same as a sentence. */
  readonly steps: string;
};

/** Reads environment variables. Each problem is reported once, and all problems are shown together. */
export type PlatformEnvironment<Name extends string = string> = {
  /** The value without surrounding whitespace and invisible characters; undefined if it is not set or empty. */
  readonly get: (name: Name) => string | undefined;
  /** Like `get`, for a token, a key or a password. */
  readonly secret: (name: Name) => string | undefined;
  /** Like `get`, for the path of a file or a folder. */
  readonly path: (name: Name) => string | undefined;
  readonly flag: (name: Name) => boolean;
  /** Like `get`, for a URL; null if it is not set. */
  readonly url: (name: Name, protocols: readonly string[], example: string) => string | null;
  readonly problem: (where: string, message: string) => void;
  /** The host name or address that the service listens on. */
  readonly host: string;
  /** The public URL of the service, without a trailing slash; null if it is not configured. */
  readonly publicUrl: string | null;
  /** The absolute folder that paths are relative to. */
  readonly cwd: string;
};

/** A platform that the environment connects. It keeps its configuration inside. */
export type Connection = {
  /** Values that must never be shown or logged. */
  readonly secrets: readonly string[];
  /** The kind of connection, as one word for the log: `socket`, `http`. */
  readonly mode: string;
  /** How messages from the platform reach us, shown at startup: `Socket Mode`; null if none do. */
  readonly reachedBy: string | null;
  /** Full sentences shown at startup next to it. */
  readonly notes: readonly string[];
  /** Checks everything that can be wrong with the connection, for `doctor`. */
  readonly check: (parts: CheckParts) => Promise<readonly Finding[]>;
  /**
   * Connects a service to the platform, to answer commands and post messages. Calls nothing before `start`. Null if there is nothing to
   * post to.
   */
  readonly open: (parts: OpenParts) => Promise<OpenPlatform | null>;
  /** Opens only the messenger, for a command that posts but answers nothing. Null if there is nothing to post to. */
  readonly openMessenger: (parts: MessengerParts) => Promise<Messenger | null>;
};

/** The part of an account in creditwatch.yml that concerns one platform. */
export type PlatformAccount = {
  readonly id: string;
  readonly timeZone: string;
  /** The workspaces of the platform that belong to the account. */
  readonly workspaces: readonly string[];
  /** The secrets in its routes, with the addresses that replace them. */
  readonly secretAddresses: readonly SecretAddress[];
};
export type SecretAddress = { readonly address: string; readonly written: string };

export type MessengerParts = {
  readonly accounts: readonly PlatformAccount[];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What the operator can do about a stored secret that cannot be decrypted. */
  readonly keyRemedy: string;
  /** Prints paragraphs to the terminal of this process. */
  readonly write: (text: string) => void;
  readonly strong?: (text: string) => string;
};

export type OpenParts = MessengerParts & {
  readonly chat: Chat;
  readonly currentMessage: CurrentMessage;
  readonly welcome: Welcome;
  /** Called after an installation is stored: declares and sends again what a purge deleted in the meantime. */
  readonly onInstalled: () => Promise<void>;
  /** Reads request bodies whose sender is not verified yet; shared by all receivers. */
  readonly unverified: Bodies;
  /** The delay until a process notices an installation that another one stored, in milliseconds. */
  readonly lookEveryMs?: number | undefined;
};

export type OpenPlatform = {
  readonly messenger: Messenger;
  /** Adds its HTTP routes. They read their own bodies. */
  readonly mount?: (app: Express) => void;
  /** Connects and stays connected. A failure of the platform is logged and retried; it never throws for one. */
  readonly start?: () => Promise<void>;
  /** Takes no new work and waits for the answers in progress, at most 8 s. */
  readonly stop?: () => Promise<void>;
  /** What the running service knows about the connection, as JSON for `check`. */
  readonly status?: () => unknown;
};

export type CheckParts = {
  readonly publicUrl: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly keyRemedy: string;
  readonly accounts: readonly PlatformAccount[];
  /** Opens the database if it runs; null otherwise. The caller closes it. */
  readonly openStore: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> } | null>;
  /** The result of `status` in the running service, as JSON; `stopped` if none runs, null if it does not answer. */
  readonly status: () => Promise<unknown>;
};

/** One line of a report: what was checked, the result, and what to do if it is not ok. */
export type Finding = { readonly what: string; readonly state: 'ok' | 'off' | 'bad'; readonly says: string };

/** A platform with its connection; null if it is not connected. */
export type ConfiguredPlatform = Platform & { readonly connection: Connection | null };

export function findPlatform<T extends Pick<Platform, 'id'>>(platforms: readonly T[], id: string): T | undefined {
  return platforms.find((one) => one.id === id);
}

/** Asks each platform whether an id belongs to one of its people; null if it belongs to none. */
export function findPerson(platforms: readonly Pick<Platform, 'id' | 'isPerson'>[], id: string): Person | null {
  const platform = platforms.find(({ isPerson }) => isPerson?.(id));
  return platform === undefined ? null : { platform: platform.id, id };
}

/**
 * Finds the person that an operator names on the command line: `slack:U0AB12CD3`, or the id alone. An id that belongs to no platform is
 * a login name.
 */
export function findTypedPerson(platforms: readonly Pick<Platform, 'id' | 'isPerson'>[], typed: string): Person {
  const named = decodePerson(typed);
  if (findPlatform(platforms, named.platform)) return { ...named, id: userIdSchema.parse(named.id) };
  return findPerson(platforms, typed) ?? { platform: TERMINAL.kind, id: typed };
}

/** Joins the names of the platforms that an operator can connect: `Slack or Teams`. */
export function connectableNames(platforms: readonly Pick<Platform, 'name' | 'setUp'>[]): string {
  return joinList(
    platforms.flatMap(({ name, setUp }) => (setUp === null ? [] : [name])),
    'or',
  );
}
