import type { ConfiguredPlatform, SecretAddress } from '../chat/platform.ts';
import type { Limits } from '../core/meters/limits.ts';
import type { MeterDetails, MeterSelector } from '../core/meters/meter.ts';
import type { PeriodSpec } from '../core/time/period-spec.ts';
import type { PollDefinition } from '../core/meters/poll.ts';
import type { DestinationAddress, RouteSettings } from '../core/notifications/route.ts';
import type { Proxies } from '../outbound/proxy.ts';
import type { Contacts } from '../core/meters/source.ts';

/** Everything that environment and creditwatch.yml say, checked, with defaults. Nothing else reads either. */
export type Config = {
  readonly role: 'all' | 'web' | 'worker';
  readonly host: string;
  readonly port: number;
  /** What `/metrics` asks for as bearer; null: nobody but this machine reads it. A secret. */
  readonly metricsToken: string | null;
  /** A port of its own, on loopback, for `/metrics`; null: it is on `port`. */
  readonly metricsPort: number | null;
  readonly logLevel: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** The same server without the pooler that `databaseUrl` leads to; null when it leads there itself. */
  readonly directDatabaseUrl: string | null;
  /** Null: BullMQ's PostgreSQL backend in the database. */
  readonly redisUrl: string | null;
  /** 32 bytes; null: made and kept in `dataDir`. */
  readonly encryptionKey: Buffer | null;
  /** The one before, with which some of what is stored may still be encrypted; null: there is none. */
  readonly encryptionKeyPrevious: Buffer | null;
  /** Null: made at the first start and stored. */
  readonly ingestKey: string | null;
  /** Where it is reached from outside, without a slash at its end; null: nobody said. */
  readonly publicUrl: string | null;
  /** Called once a minute while all is well. A secret. */
  readonly heartbeatUrl: string | null;
  /** What goes out to Slack, Microsoft, vendors and the watcher goes through these. */
  readonly proxies: Proxies;
  /** All that there are, each with what the environment says of it. */
  readonly platforms: readonly ConfiguredPlatform[];
  /** The file that was read; null when there is none. */
  readonly file: string | null;
  readonly accounts: readonly AccountConfig[];
  /** Values that must never be shown or logged: what the sources' headers hold, and the variables they are made of. */
  readonly sourceSecrets: readonly string[];
  /** What is set and has no effect, in plain words. */
  readonly notices: readonly string[];
};

/** A key that may push: to every source of its account, or to one alone. */
type DeclaredKey = { readonly source: string | null; readonly key: string };

export type AccountConfig = {
  readonly id: string;
  readonly timeZone: string;
  readonly limits: Limits;
  /** Platform user ids of those who are told what no route wants. */
  readonly admins: readonly string[];
  /** Platform user ids of those who may look at the figures, beside admins and owners; empty: every member. */
  readonly viewers: readonly string[] | null;
  /** Those that the file declares. */
  readonly ingestKeys: readonly DeclaredKey[];
  /** The workspaces that belong to it, by the id of their platform. */
  readonly workspaces: Readonly<Record<string, readonly string[]>>;
  /** What routes hold in secret, as the URL of a flow, by the addresses that stand for it everywhere else. */
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
};
export type PolledSourceConfig = DeclaredSource & { readonly kind: 'http'; readonly preset: string | null; readonly poll: PollDefinition };
type SourceConfig = (DeclaredSource & { readonly kind: 'push' | 'import' }) | PolledSourceConfig;
export type RuleConfig = { readonly id: string; readonly kind: string; readonly meters: MeterSelector; readonly params: unknown };
export type RouteConfig = { readonly id: string; readonly destination: DestinationAddress; readonly settings: RouteSettings };

/** One thing to mend. `where` names the variable, or file, line and key. */
export type ConfigProblem = { readonly where: string; readonly message: string };

/** The problems as an operator reads them, one a line. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const head =
    problems.length === 1
      ? 'The configuration has a mistake; nothing was started.'
      : `The configuration has ${problems.length} mistakes; nothing was started.`;
  return [head, ...problems.map(({ where, message }) => `  ${where}: ${message}`)].join('\n');
}
