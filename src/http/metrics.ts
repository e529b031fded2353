import type { Express } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { guardMetrics, type Exposure } from './exposure.ts';
import type { Metrics } from '../ports/metrics.ts';

/** The data that a scrape reads from the database. Amounts are in the meter's unit. */
export type MetricsSnapshot = {
  readonly meters: readonly {
    readonly account: string;
    readonly source: string;
    readonly meter: string;
    readonly unit: string;
    readonly used: number;
    readonly total: number | null;
    readonly observedAt: Date;
  }[];
  readonly polls?: readonly {
    readonly account: string;
    readonly source: string;
    readonly lastSuccessAt: Date | null;
    readonly failures: number;
  }[];
  readonly destinations: readonly { readonly account: string; readonly kind: string; readonly pending: number; readonly off: boolean }[];
};

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
  const meterLabels = ['account', 'source', 'meter', 'unit'];
  const used = new Gauge({ registers, name: 'creditwatch_meter_used', help: 'Used, in the unit of the meter.', labelNames: meterLabels });
  const total = new Gauge({
    registers,
    name: 'creditwatch_meter_total',
    help: 'The allowance; absent when unlimited.',
    labelNames: meterLabels,
  });
  const observed = new Gauge({
    registers,
    name: 'creditwatch_meter_observed_timestamp_seconds',
    help: 'When the figures were observed.',
    labelNames: meterLabels,
  });
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
        const snapshot = await readInTime(read);
        // From here to the text everything is synchronous, so concurrent scrapes do not mix their figures.
        for (const gauge of [used, total, observed, lastSuccess, failures, pending, off]) gauge.reset();
        up.set(snapshot === null ? 0 : 1);
        for (const meter of snapshot?.meters ?? []) {
          const labels = { account: meter.account, source: meter.source, meter: meter.meter, unit: meter.unit };
          used.set(labels, meter.used);
          if (meter.total !== null) total.set(labels, meter.total);
          observed.set(labels, meter.observedAt.getTime() / 1000);
        }
        for (const poll of snapshot?.polls ?? []) {
          const labels = { account: poll.account, source: poll.source };
          if (poll.lastSuccessAt !== null) lastSuccess.set(labels, poll.lastSuccessAt.getTime() / 1000);
          failures.set(labels, poll.failures);
        }
        for (const destination of snapshot?.destinations ?? []) {
          const labels = { account: destination.account, kind: destination.kind };
          pending.inc(labels, destination.pending);
          off.inc(labels, destination.off ? 1 : 0);
        }
        response.type(registry.contentType).send(await registry.metrics());
      });
    },
  };
}

async function readInTime(read: () => Promise<MetricsSnapshot>): Promise<MetricsSnapshot | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), READ_WITHIN_MS).unref();
  });
  return Promise.race([read().catch(() => null), late]);
}
