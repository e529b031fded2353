import type { Express } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { guardMetrics, type Exposure } from './exposure.ts';
import { startMeterText, type MeterFigure } from './meter-text.ts';
import { streamAnswer } from './stream-response.ts';
import type { Metrics } from '../ports/metrics.ts';

/** The data that a scrape reads from the database. */
export type MetricsSnapshot = {
  /** In parts, because there may be many. */
  readonly meters: AsyncGenerator<readonly MeterFigure[]>;
  readonly polls?: readonly {
    readonly account: string;
    readonly source: string;
    readonly lastSuccessAt: Date | null;
    readonly failures: number;
  }[];
  readonly destinations: readonly {
    readonly account: string;
    readonly kind: string;
    readonly pending: number;
    readonly disabled: number;
  }[];
};

/** How long to wait for each read from the database, in milliseconds. The figures of the meters are read in several. */
const READ_WITHIN_MS = 2_000;

/** Creates the counters of the pipeline and mounts `GET /metrics` in Prometheus' text format, for requests that `exposure` allows. */
export function createMetrics(
  read: () => Promise<MetricsSnapshot>,
  exposure: Exposure,
): { readonly metrics: Metrics; readonly mount: (app: Express) => void } {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'creditwatch_' });
  const readings = new Counter({
    registers,
    name: 'creditwatch_readings_total',
    help: 'Readings that arrived, by what became of them.',
    labelNames: ['result'],
  });
  const attempts = new Counter({
    registers,
    name: 'creditwatch_delivery_attempts_total',
    help: 'Attempts to deliver, by outcome.',
    labelNames: ['kind', 'outcome'],
  });
  const polls = new Counter({
    registers,
    name: 'creditwatch_polls_total',
    help: 'Polls of sources, by what became of them.',
    labelNames: ['account', 'source', 'result'],
  });
  const lag = new Gauge({
    registers,
    name: 'creditwatch_sweep_lag_seconds',
    help: 'How long the oldest due delivery had waited at the last sweep.',
  });
  const up = new Gauge({ registers, name: 'creditwatch_database_up', help: '1 when the database answered this scrape.' });
  const pollLabels = ['account', 'source'];
  const lastSuccess = new Gauge({
    registers,
    name: 'creditwatch_source_last_success_timestamp_seconds',
    help: 'When a polled source last brought figures; absent when it never did.',
    labelNames: pollLabels,
  });
  const failures = new Gauge({
    registers,
    name: 'creditwatch_source_failures',
    help: 'Polls of the source that failed in a row.',
    labelNames: pollLabels,
  });
  const pending = new Gauge({
    registers,
    name: 'creditwatch_deliveries_pending',
    help: 'Deliveries that wait.',
    labelNames: ['account', 'kind'],
  });
  const off = new Gauge({
    registers,
    name: 'creditwatch_destinations_off',
    help: 'Disabled destinations, which get no messages until the cause is fixed.',
    labelNames: ['account', 'kind'],
  });

  return {
    metrics: {
      ingested({ accepted, duplicates, rejected }) {
        readings.inc({ result: 'accepted' }, accepted);
        readings.inc({ result: 'duplicate' }, duplicates);
        readings.inc({ result: 'rejected' }, rejected);
      },
      attempted: (kind, outcome) => attempts.inc({ kind, outcome }),
      polled: ({ account, source, succeeded }) => polls.inc({ account, source, result: succeeded ? 'success' : 'failure' }),
      sweepLag: (ms) => lag.set(ms / 1000),
    },
    mount(app) {
      app.get('/metrics', guardMetrics(exposure), async (_request, response) => {
        const found = await readInTime(read);
        // From here to the text everything is synchronous, so concurrent scrapes do not mix their figures.
        for (const gauge of [lastSuccess, failures, pending, off]) gauge.reset();
        up.set(found === null ? 0 : 1);
        for (const poll of found?.polls ?? []) {
          const labels = { account: poll.account, source: poll.source };
          if (poll.lastSuccessAt !== null) lastSuccess.set(labels, poll.lastSuccessAt.getTime() / 1000);
          failures.set(labels, poll.failures);
        }
        for (const { account, kind, pending: waiting, disabled } of found?.destinations ?? []) {
          pending.inc({ account, kind }, waiting);
          off.inc({ account, kind }, disabled);
        }
        const ofProcess = registry.metrics();
        await streamAnswer(response, { 'content-type': registry.contentType }, textOf(ofProcess, found?.meters ?? []));
      });
    },
  };
}

async function* textOf(ofProcess: Promise<string>, meters: readonly string[]): AsyncGenerator<string> {
  yield await ofProcess;
  yield* meters;
}

/** Reads all of it, or nothing: a text with some of the meters would look as if the others were gone. */
async function readInTime(
  read: () => Promise<MetricsSnapshot>,
): Promise<(Omit<MetricsSnapshot, 'meters'> & { readonly meters: readonly string[] }) | null> {
  try {
    const { meters, ...others } = await inTime(read());
    const text = startMeterText();
    for (let part = await inTime(meters.next()); part.done !== true; part = await inTime(meters.next())) text.add(part.value);
    return { ...others, meters: text.end() };
  } catch {
    return null;
  }
}

/** @throws if it takes too long */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the database takes too long')), READ_WITHIN_MS);
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
