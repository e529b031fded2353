import type { ConfiguredPlatform, SecretAddress } from '../chat/platform.ts';
import type { Limits } from '../core/meters/limits.ts';
import type { MeterDetails, MeterSelector } from '../core/meters/meter.ts';
import type { Retention } from '../core/meters/retention.ts';
import type { Mailbox, MailRules } from '../core/meters/mail.ts';
import type { PeriodSpec } from '../core/time/period-spec.ts';
import type { PollDefinition } from '../core/meters/poll.ts';
import type { DestinationAddress, RouteSettings } from '../core/notifications/route.ts';
import type { Person } from '../core/text/person.ts';
import type { Proxies } from '../outbound/proxy.ts';
import type { Contacts } from '../core/meters/source.ts';

/** The settings of the environment and creditwatch.yml, validated, with defaults. No other code reads either. */
export type Config = {
  readonly role: 'all' | 'web' | 'worker';
  readonly host: string;
  readonly port: number;
  /** The bearer token for `/metrics`. Null: only this machine may read it. A secret. */
  readonly metricsToken: string | null;
  /** A separate port for `/metrics`, on loopback. Null: `/metrics` is on `port`. */
  readonly metricsPort: number | null;
  readonly logLevel: string;
  /** The absolute path of the data folder. */
  readonly dataDir: string;
  /** Null for the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** The same server without the connection pooler of `databaseUrl`. Null if `databaseUrl` has none. */
  readonly directDatabaseUrl: string | null;
  /** Null for BullMQ's PostgreSQL backend in the database. */
  readonly redisUrl: string | null;
  /** 32 bytes. Null if it is generated and kept in `dataDir`. */
  readonly encryptionKey: Buffer | null;
  /** The previous key, with which some stored secrets may still be encrypted. Null if there is none. */
  readonly encryptionKeyPrevious: Buffer | null;
  /** Null if it is generated at the first start and stored. */
  readonly ingestKey: string | null;
  /** The public URL of the service, without a slash at the end. Null if it is not set. */
  readonly publicUrl: string | null;
  /** The URL that is called once a minute while all is well. A secret. */
  readonly heartbeatUrl: string | null;
  /** The proxies for calls to Slack, Microsoft, vendors and the heartbeat URL. */
  readonly proxies: Proxies;
  /** All platforms, each with its settings of the environment. */
  readonly platforms: readonly ConfiguredPlatform[];
  /** The configuration file. Null if there is none. */
  readonly file: string | null;
  readonly accounts: readonly AccountConfig[];
  /** How long readings and deliveries are kept. */
  readonly retention: Retention;
  /** Values that must never be shown or logged: the sources' headers, and the variables in them. */
  readonly sourceSecrets: readonly string[];
  /** Texts about settings without effect. */
  readonly notices: readonly string[];
};

/** An ingest key: for every source of its account, or for one source. */
type DeclaredKey = { readonly source: string | null; readonly key: string };

export type AccountConfig = {
  readonly id: string;
  readonly timeZone: string;
  readonly limits: Limits;
  /** The people who get what no route includes. */
  readonly admins: readonly Person[];
  /**
   * The people who may see figures, in addition to admins and owners. Null: every member may. Empty: only admins,
   * owners and approvers may.
   */
  readonly viewers: readonly Person[] | null;
  /** The ingest keys in creditwatch.yml. */
  readonly ingestKeys: readonly DeclaredKey[];
  /** The workspaces of the account, by platform ID. */
  readonly workspaces: Readonly<Record<string, readonly string[]>>;
  /** The secret values of routes, such as the URL of a flow, with the address that replaces each of them everywhere else. */
  readonly secretAddresses: readonly (SecretAddress & { readonly platform: string })[];
  readonly sources: readonly SourceConfig[];
  readonly rules: readonly RuleConfig[];
  readonly routes: readonly RouteConfig[];
};

type DeclaredSource = {
  readonly id: string;
  readonly period: PeriodSpec | null;
  readonly contacts: Contacts;
  readonly meters: Readonly<Record<string, MeterDetails>>;
  /** The date on which its key expires, such as `2026-12-31`. */
  readonly expires: string | null;
};
export type PolledSourceConfig = DeclaredSource & {
  readonly kind: 'http';
  readonly preset: string | null;
  /** The answer has secrets or personal data, which are not shown. */
  readonly sensitive: boolean;
  /** The key from the file or the environment; null if it is part of the headers or the URL, or there is none. */
  readonly key: string | null;
  /** The passwords of HTTP Basic authentication, which its header hides. */
  readonly passwords: readonly string[];
  /** The page where the key is made; null if it is unknown. */
  readonly keyPage: string | null;
  readonly poll: PollDefinition;
};
/** A source whose figures come from notices by mail. `keys`: those of `POST /v1/mail`; secrets, as the mailbox is. */
export type MailSourceConfig = DeclaredSource & {
  readonly kind: 'mail';
  readonly rules: MailRules;
  readonly mailbox: Mailbox | null;
  /** Null without a mailbox. */
  readonly everyMs: number | null;
  readonly keys: readonly string[];
};
type SourceConfig = (DeclaredSource & { readonly kind: 'push' | 'import' }) | PolledSourceConfig | MailSourceConfig;
export type RuleConfig = { readonly id: string; readonly kind: string; readonly meters: MeterSelector; readonly params: unknown };
export type RouteConfig = { readonly id: string; readonly destination: DestinationAddress; readonly settings: RouteSettings };

/** One mistake. `where` is the variable, or the file, line and key. */
export type ConfigProblem = { readonly where: string; readonly message: string };

/** Formats mistakes for the operator, one per line. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const head =
    problems.length === 1
      ? 'The configuration has a mistake; nothing was started.'
      : `The configuration has ${problems.length} mistakes; nothing was started.`;
  return [head, ...problems.map(({ where, message }) => `  ${where}: ${message}`)].join('\n');
}
