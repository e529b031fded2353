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
  readonly slack: SlackConfig | null;
  readonly teams: TeamsConfig | null;
  /** The file that was read; null when there is none. */
  readonly file: string | null;
  readonly accounts: readonly AccountConfig[];
  /** Values that must never be shown or logged: what the sources' headers hold, and the variables they are made of. */
  readonly sourceSecrets: readonly string[];
  /** What is set and has no effect, in plain words. */
  readonly notices: readonly string[];
};

export type SlackConfig = {
  /** Whose token it posts with: the one of the environment, or that of whoever installed the app at `publicUrl`. */
  readonly installation:
    | { readonly kind: 'token'; readonly botToken: string }
    | { readonly kind: 'oauth'; readonly clientId: string; readonly clientSecret: string; readonly publicUrl: string };
  readonly transport: { readonly kind: 'http'; readonly signingSecret: string } | { readonly kind: 'socket'; readonly appToken: string };
  /** Another base of the Web API, for tests. */
  readonly apiUrl: string | null;
};

/** A key that may push: to every source of its account, or to one alone. */
type DeclaredKey = { readonly source: string | null; readonly key: string };

/** Who the bot is towards Microsoft. `anonymous` is for a local emulator: nobody is asked who they are. */
export type TeamsIdentity =
  | { readonly kind: 'password'; readonly appId: string; readonly tenantId: string; readonly password: string }
  | {
      readonly kind: 'certificate';
      readonly appId: string;
      readonly tenantId: string;
      readonly certificates: string;
      readonly privateKey: string;
      readonly thumbprint: string;
    }
  | { readonly kind: 'managed-identity'; readonly appId: string; readonly tenantId: string; readonly federatedTokenFile: string | null }
  | { readonly kind: 'anonymous' };

export type TeamsConfig = { readonly identity: TeamsIdentity };

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
  readonly slackTeams: readonly string[];
  readonly teamsTenants: readonly string[];
  /** The secret URLs of flows that post in Teams, by the names that they go by everywhere else. */
  readonly workflows: readonly { readonly address: string; readonly url: string }[];
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

/** A path of ours as others reach it, as far as that is known: `https://credits.example.com/slack/events`. */
export function publicAddress({ publicUrl }: Pick<Config, 'publicUrl'>, path: string): string {
  return `${publicUrl ?? ''}${path}`;
}
