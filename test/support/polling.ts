import type { PollDefinition } from '../../src/core/meters/poll.ts';
import { startPipeline } from './pipeline.ts';
import { json, startVendor } from './vendor.ts';

export const START = '2026-11-24T08:00:00Z';
export const ROUTES = 'routes: [{ slack: C0ALERTS, meters: all, digest: false }, { slack: C0OPERATIONS, operations: true }]';

export const usage = (used: number) => json({ used, total: 1000, extra: { used: 1, total: 10 } });

/** A pipeline at 08:00 with one polled source, `apollo`, and its vendor, who answers `usage(100)`. */
export async function polling({ every = '15m', source = '', meters = 'a: { used: used, total: total }', rules = '' } = {}) {
  const vendor = await startVendor();
  vendor.on('/', usage(100));
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: apollo, kind: http, url: "${vendor.url}/", every: ${every}, headers: { x-api-key: "\${APOLLO_KEY}" }, meters: { ${meters} }${source} }]\n${rules}\n${ROUTES}`;
  const pipeline = await startPipeline(file, START, { APOLLO_KEY: 'key-of-the-tests' });
  const ledger = async () => (await pipeline.store.polls('default'))[0];
  return { vendor, pipeline, file, ledger };
}

/** The poll of a source with one plain request and no meters. */
export function pollDefinition(url: string, over: Partial<PollDefinition> = {}): PollDefinition {
  return {
    everyMs: 60_000,
    leastGapMs: 1,
    method: 'GET',
    url,
    headers: {},
    body: null,
    answer: 'json',
    acceptStatus: [],
    mostBytes: 1024 * 1024,
    token: null,
    requests: [],
    series: null,
    period: null,
    cycle: 'month',
    meters: [],
    keyVariables: [],
    allowHosts: [],
    ...over,
  };
}
