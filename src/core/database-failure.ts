import type { DatabaseProblem } from './database-problem.ts';

/** What is wrong with the TLS parameters of a connection string. The last two are about the password of an encrypted key. */
export type ConnectionStringMistake =
  | { readonly kind: 'file-unreadable'; readonly parameter: string; readonly path: string; readonly code: string }
  | { readonly kind: 'one-missing'; readonly missing: 'sslcert' | 'sslkey' }
  | { readonly kind: 'no-match'; readonly key: string; readonly certificate: string }
  | { readonly kind: 'not-a-certificate' | 'not-a-key' | 'no-password' | 'wrong-password'; readonly path: string };

/**
 * Why a server cannot be used: data, which `src/messages/failures/database.ts` words. `variable`: the environment variable that names it.
 * `pooled`: a pooler shares its sessions, and no direct URL is known. `pooled-schema`: a pooler takes no `?schema=`. `stopped`: the
 * waiting was stopped. `said`: the message of the server, the network or a library; null if there is none.
 */
export type DatabaseFailure =
  | { readonly kind: 'pooled' | 'pooled-schema' }
  | { readonly kind: 'queue-schema'; readonly variable: string; readonly schema: string }
  | { readonly kind: 'connection-string'; readonly variable: string; readonly mistake: ConnectionStringMistake }
  | { readonly kind: 'stopped'; readonly variable: string }
  | { readonly kind: 'unusable'; readonly variable: string; readonly problem: DatabaseProblem; readonly said: string | null }
  | { readonly kind: 'unusable'; readonly variable: string; readonly problem: null; readonly said: string };
