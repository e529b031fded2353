import { expect, test } from 'vitest';
import { inParts } from '../../src/async/parts.ts';
import { createMetrics, type MetricsSnapshot } from '../../src/http/metrics.ts';
import type { Exposure } from '../../src/http/exposure.ts';
import { asked, listening } from './listening.ts';

const APOLLO = {
  account: 'default',
  source: 'abmatic',
  meter: 'apollo_contacts',
  unit: 'credits',
  used: 1614,
  remaining: 998_386,
  total: 1_000_000,
  observedAt: new Date('2026-11-23T08:00:00Z'),
};

async function scraped(read: () => Promise<MetricsSnapshot>, exposure: Exposure = { host: '127.0.0.1', token: null }) {
  const { metrics, mount } = createMetrics(read, exposure);
  const { url, port } = await listening({ mounts: [mount] });
  const scrape = async () => {
    const answer = await fetch(`${url}/metrics`);
    const text = await answer.text();
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      lines: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    };
  };
  return { metrics, scrape, port };
}

const about = (name: string, lines: readonly string[]) => lines.filter((line) => line.startsWith(name));

test('/metrics answers in the format of Prometheus, with used and total of each meter', async () => {
  const { scrape } = await scraped(async () => ({
    meters: inParts([APOLLO, { ...APOLLO, meter: 'free', total: null, used: 7, remaining: null }]),
    destinations: [],
  }));
  const { status, type, lines } = await scrape();
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const labels = (meter: string) => `{account="default",source="abmatic",meter="${meter}",unit="credits"}`;
  expect(about('creditwatch_meter_', lines)).toEqual([
    `creditwatch_meter_used${labels('apollo_contacts')} 1614`,
    `creditwatch_meter_used${labels('free')} 7`,
    `creditwatch_meter_total${labels('apollo_contacts')} 1000000`,
    `creditwatch_meter_remaining${labels('apollo_contacts')} 998386`,
    `creditwatch_meter_observed_timestamp_seconds${labels('apollo_contacts')} 1795420800`,
    `creditwatch_meter_observed_timestamp_seconds${labels('free')} 1795420800`,
  ]);
  expect(about('creditwatch_database_up', lines)).toEqual(['creditwatch_database_up 1']);
});

test('a name with quotes, backslashes and line breaks stays one label', async () => {
  const { scrape } = await scraped(async () => ({ meters: inParts([{ ...APOLLO, meter: 'a"b\\c\nd', unit: '"} 9' }]), destinations: [] }));
  expect(about('creditwatch_meter_used', (await scrape()).lines)).toEqual([
    'creditwatch_meter_used{account="default",source="abmatic",meter="a\\"b\\\\c\\nd",unit="\\"} 9"} 1614',
  ]);
});

test('a removed meter disappears from the text', async () => {
  const meters = [APOLLO];
  const { scrape } = await scraped(async () => ({ meters: inParts(meters), destinations: [] }));
  expect(about('creditwatch_meter_used', (await scrape()).lines)).toHaveLength(1);
  meters.pop();
  expect(about('creditwatch_meter_used', (await scrape()).lines)).toEqual([]);
});

test('while the database is down the text says so, and keeps the counters of the process', async () => {
  const { metrics, scrape } = await scraped(() => Promise.reject(new Error('gone')));
  metrics.ingested({ accepted: 3, duplicates: 2, rejected: 1 });
  metrics.attempted('slack', 'retry');
  metrics.attempted('slack', 'sent');
  metrics.sweepLag(1500);
  const { status, lines } = await scrape();
  expect(status).toBe(200);
  expect(about('creditwatch_database_up', lines)).toEqual(['creditwatch_database_up 0']);
  expect(about('creditwatch_meter', lines)).toEqual([]);
  expect(about('creditwatch_readings_total', lines)).toEqual([
    'creditwatch_readings_total{result="accepted"} 3',
    'creditwatch_readings_total{result="duplicate"} 2',
    'creditwatch_readings_total{result="rejected"} 1',
  ]);
  expect(about('creditwatch_delivery_attempts_total', lines)).toEqual([
    'creditwatch_delivery_attempts_total{kind="slack",outcome="retry"} 1',
    'creditwatch_delivery_attempts_total{kind="slack",outcome="sent"} 1',
  ]);
  expect(about('creditwatch_sweep_lag_seconds', lines)).toEqual(['creditwatch_sweep_lag_seconds 1.5']);
});

test('two concurrent scrapes both count pending deliveries once, not twice', async () => {
  const reads: (() => void)[] = [];
  const destinations = [
    { account: 'default', kind: 'slack', pending: 3, disabled: 1 },
    { account: 'default', kind: 'slack', pending: 1, disabled: 0 },
  ];
  const { scrape } = await scraped(async () => {
    // Both scrapes have started before either has its figures.
    await new Promise<void>((resolve) => {
      reads.push(resolve);
      if (reads.length === 2) reads.forEach((go) => go());
    });
    return { meters: inParts([]), destinations };
  });
  for (const { lines } of await Promise.all([scrape(), scrape()])) {
    expect(about('creditwatch_deliveries_pending', lines)).toEqual(['creditwatch_deliveries_pending{account="default",kind="slack"} 4']);
    expect(about('creditwatch_destinations_off', lines)).toEqual(['creditwatch_destinations_off{account="default",kind="slack"} 1']);
  }
});

const TOKEN = 'metrics-token-of-the-tests';
const none = async (): Promise<MetricsSnapshot> => ({ meters: inParts([]), destinations: [] });
const local = { host: '127.0.0.1:3000' };

test.each([
  ['on loopback, asked by a name of this machine', { host: '127.0.0.1', token: null }, { host: 'localhost:3000' }, 200],
  ['on loopback over IPv6', { host: '::1', token: null }, { host: '[::1]:3000' }, 200],
  ['on loopback, asked by the name of a web page (rebinding)', { host: '127.0.0.1', token: null }, { host: 'rebound.example' }, 403],
  ['on loopback, through a proxy', { host: '127.0.0.1', token: null }, { ...local, 'x-forwarded-for': '203.0.113.9' }, 403],
  ['on every address', { host: '0.0.0.0', token: null }, local, 403],
  ['on every address of IPv6', { host: '::', token: null }, { host: '[::1]' }, 403],
  ['with a token that is not sent', { host: '0.0.0.0', token: TOKEN }, local, 401],
  ['with a token that is not sent, on loopback', { host: '127.0.0.1', token: TOKEN }, local, 401],
  ['with another token', { host: '0.0.0.0', token: TOKEN }, { authorization: `Bearer ${TOKEN}x` }, 401],
  ['with the token', { host: '0.0.0.0', token: TOKEN }, { host: 'credits.example.com', authorization: `Bearer ${TOKEN}` }, 200],
])('/metrics %s', async (_how, exposure, headers, status) => {
  const { port } = await scraped(none, exposure);
  expect((await asked({ port, path: '/metrics', headers })).status).toBe(status);
});
