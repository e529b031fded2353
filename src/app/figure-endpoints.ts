import type { Express } from 'express';
import type { Config } from '../config/config.ts';
import { createBodies, MOST_UNVERIFIED_BYTES, type Bodies } from '../http/request-bodies.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ingest } from '../ports/inbound/ingest.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/stores/store.ts';
import type { Queries } from '../queries/queries.ts';
import { parseImport } from '../sources/import/parse-import.ts';
import { mountMail } from '../sources/mail/routes.ts';
import { mountCapturePage } from '../sources/pages/capture-page.ts';
import { mountPages } from '../sources/pages/routes.ts';
import type { IngestKeys } from '../sources/push/authorize.ts';
import { createPushSource } from '../sources/push/routes.ts';
import { mailSourcesOf } from './accounts.ts';

type Parts = {
  readonly config: Pick<Config, 'accounts'>;
  readonly store: Pick<Store, 'captures' | 'mails'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly ingest: Ingest;
  readonly queries: Queries;
  readonly metrics: Metrics;
  readonly keys: IngestKeys;
  /** The budget of pushes, which the endpoints of the chat platforms share. */
  readonly unverified: Bodies;
};

/** Creates the endpoints that figures are sent to: pushes, captured pages with the page that sends them, and mails. */
export function figureEndpoints({ config, store, clock, log, ingest, queries, metrics, keys, unverified }: Parts): {
  readonly push: ReturnType<typeof createPushSource>;
  readonly mounts: readonly ((app: Express) => void)[];
} {
  const pages = mountPages({
    captures: store.captures,
    accounts: config.accounts.map(({ id }) => id),
    ingest,
    queries,
    parseImport,
    clock,
    log,
    metrics,
    bodies: createBodies(MOST_UNVERIFIED_BYTES),
  });
  const mail = mountMail({
    sources: mailSourcesOf(config),
    store: store.mails,
    ingest,
    clock,
    log,
    metrics,
    bodies: createBodies(MOST_UNVERIFIED_BYTES),
  });
  return {
    push: createPushSource({ unverified, ingest, clock, metrics, queries, keys }),
    mounts: [pages, mountCapturePage(), mail],
  };
}
