import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { polledSource, type PolledSource } from '../../../src/config/polled-source.ts';
import { polledSourceSchema } from '../../../src/config/polled-source-schema.ts';
import { presetNames, readPreset } from '../../../src/config/presets.ts';
import { completeReading } from '../../../src/core/meters/complete-reading.ts';
import { draftReading } from '../../../src/core/meters/reading.ts';
import { describeMeter } from '../../../src/core/vendors/describe.ts';
import { figure } from '../../../src/queries/overview-json.ts';
import { createEvaluator } from '../../../src/sources/http/evaluator.ts';
import { pollOnce } from '../../../src/sources/http/poll-once.ts';
import { rsaKey } from '../../support/rsa-key.ts';
import { bodyOf, vendorSample, type Figures } from '../../support/vendor.ts';

const evaluator = createEvaluator({ jobWithinMs: 30_000, mostProcesses: 1 });
afterAll(() => evaluator.close());

/** One vendor for all answers: each poll has a folder of its own, with the answers of each of its requests. */
const answers = new Map<string, Answer[]>();
type Asked = { readonly method: string | undefined; readonly url: string; readonly headers: Readonly<Record<string, unknown>> };
const asked = new Map<string, Asked>();
const server = createServer(({ url = '', method, headers }, response) => {
  const [, poll = '', request = ''] = url.split(/[/?]/);
  const folder = `${poll}/${request}`;
  asked.set(folder, { method, url: url.slice(folder.length + 1), headers });
  const left = answers.get(folder) ?? [];
  const { status = 200, type = 'application/json', body = '', headers: more = {} } = (left.length > 1 ? left.shift() : left[0]) ?? {};
  response.writeHead(status, { 'content-type': type, ...more }).end(body);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Answer = {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};
type Sample = ReturnType<typeof vendorSample>;
/** For the vendors that want a signed assertion. */
const PRIVATE_KEY = rsaKey('customer').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) });

const sources = new Map<string, PolledSource>();

/** The source of a preset with an operator's key and the values of its examples. Read once, because a preset is polled often. */
function sourceOf(name: string): PolledSource {
  const known = sources.get(name);
  if (known) return known;
  const preset = readPreset(name);
  const source = polledSource(
    polledSourceSchema.parse({
      id: name,
      kind: 'http',
      preset: name,
      ...(preset?.url === null && { url: 'https://own.example/usage' }),
      ...(preset?.key && { key: preset.token?.jwt ? PRIVATE_KEY : 'key-of-the-tests' }),
      values: Object.fromEntries(Object.entries(preset?.values ?? {}).map(([value, { example }]) => [value, example])),
    }),
  );
  if (!source.ok) throw new Error(JSON.stringify(source.error));
  sources.set(name, source.value);
  return source.value;
}

/** Polls a preset at a vendor that gives these answers, over HTTP, and completes the readings as an ingest does. */
async function polled(
  name: string,
  main: readonly Answer[],
  { at, requests }: Pick<Sample, 'at' | 'requests'>,
  earlier: Readonly<Record<string, Answer>> = {},
) {
  const folder = String(asked.size + answers.size);
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  answers.set(`${folder}/main`, [...main]);
  for (const [request, answer] of Object.entries(requests)) answers.set(`${folder}/${request}`, [json(answer)]);
  for (const [request, answer] of Object.entries(earlier)) answers.set(`${folder}/${request}`, [answer]);
  const { poll, meters, period } = sourceOf(name);
  const now = new Date(at);
  const here = <T extends { readonly url: string }>(request: T, called: string): T => ({
    ...request,
    url: request.url.replace(/^https:\/\/[^/?]*/, `http://${host}/${folder}/${called}`),
  });
  const outcome = await pollOnce(
    name,
    {
      ...here(poll, 'main'),
      token: poll.token && here(poll.token, 'token'),
      requests: poll.requests.map((request) => here(request, request.name)),
      keyVariables: ['VENDOR_KEY'],
      allowHosts: [host],
    },
    { evaluator, now: () => now, signal: new AbortController().signal },
  );
  const raws = outcome.outcome === 'understood' ? outcome.readings : [];
  const read = raws.map((raw) => {
    const draft = draftReading(raw, now);
    if (!draft.ok) return { refused: JSON.stringify(draft.error) };
    const { owner: _owner, ...described } = meters[draft.value.meter] ?? {};
    const meter = describeMeter(name, draft.value.meter, { ...draft.value.details, ...described });
    const complete = completeReading(draft.value, {
      decimals: meter.decimals,
      cuts: true,
      lastTotal: undefined,
      statedTotal: null,
      periodSpec: period,
      timeZone: 'UTC',
    });
    return complete.ok
      ? { key: draft.value.meter, meter, reading: complete.value, refused: null }
      : { refused: JSON.stringify(complete.error) };
  });
  return { outcome, read, asked: asked.get(`${folder}/main`) };
}

/** The figures that were read, in the form of the sample, with only the fields that the sample states. */
function figuresOf(read: Awaited<ReturnType<typeof polled>>['read'], expected: Figures): unknown {
  return Object.fromEntries(
    read.map((one) => {
      if (one.refused !== null) return ['refused', one.refused];
      const { key, meter, reading } = one;
      const { used, total, period, observedAt } = reading;
      const all = {
        used: Number(figure(used, meter.decimals)),
        total: total === null ? null : Number(figure(total, meter.decimals)),
        remaining: total === null ? null : Number(figure(total - used, meter.decimals)),
        unit: meter.unit,
        start: period?.start.toISOString() ?? null,
        reset: period?.end.toISOString() ?? null,
        observed: observedAt.toISOString(),
      };
      const stated = Object.keys(expected[key] ?? {});
      return [key, Object.fromEntries(Object.entries(all).filter(([field]) => stated.includes(field)))];
    }),
  );
}

/** Replaces every leaf of an answer that the function changes. */
function withLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withLeaves(one, change));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withLeaves(one, change)]));
  return change(value);
}

const isNumeric = (leaf: unknown) => typeof leaf === 'number' || (typeof leaf === 'string' && /^-?\d+(\.\d+)?$/.test(leaf));
const HTML = '<!doctype html><html><head><title>Sign in</title></head><body>Sign in to see 1,000 credits</body></html>';

/** Answers without figures, for every vendor. */
const BAD: Readonly<Record<string, (sample: string) => Answer>> = {
  '401': () => json({ error: { message: 'Invalid API key' } }, 401),
  '401 with the figures': (sample) => ({ status: 401, body: sample }),
  '403': () => json({ message: 'Forbidden' }, 403),
  '200 with an error': () => json({ error: { code: 401, message: 'Invalid API key' } }),
  '200 with a failure': () => json({ success: false, status: 'error', code: 401, message: 'Unauthorized', data: null }),
  '200 with a list of errors': () => json({ errors: [{ code: 'unauthorized', detail: 'No such key' }], data: [], results: [] }),
  '200 with text': () => json('Unauthorized'),
  '-1': () => json(-1),
  null: () => json(null),
  'null for everything': (sample) => json(withLeaves(JSON.parse(sample), () => null)),
  'text for everything': (sample) => json(withLeaves(JSON.parse(sample), () => 'n/a')),
  HTML: () => ({ type: 'text/html', body: HTML }),
  'HTML called JSON': () => ({ body: HTML }),
  empty: () => ({ body: '' }),
  'an empty object': () => json({}),
  'an empty list': () => json([]),
  truncated: (sample) => ({ body: sample.slice(0, Math.ceil(sample.length * 0.6)) }),
};

/** A vendor that answers with text says each of these differently. */
const ONLY_JSON = new Set(['-1', 'truncated', 'null for everything', 'text for everything']);

/** Nothing is stored, and the operator is told what is wrong and what to do. */
function expectMistake({ outcome, read }: Awaited<ReturnType<typeof polled>>, about: string): void {
  const stored = read.filter(({ refused }) => refused === null);
  expect(stored, about).toEqual([]);
  expect(outcome.outcome, about).toBe('failed');
  expect(outcome.problem?.reason, about).toMatch(/\w/);
  expect(outcome.problem?.remedy, about).toMatch(/\w/);
}

describe.each(presetNames)('%s', (name) => {
  const sample = vendorSample(name);
  const { pages, status, headers, figures, traps } = sample;
  const preset = readPreset(name);
  const format = preset?.answer ?? 'json';
  const answerOf = (body: unknown): Answer => ({ status, headers, body: bodyOf(body, format) });

  test('its sample gives the figures beside it, and every meter has a name, a unit, and one of used and remaining', async () => {
    const { outcome, read, asked } = await polled(name, pages.map(answerOf), sample);
    expect(figuresOf(read, figures)).toEqual(figures);
    expect(outcome.problem).toBeNull();
    const plain = Object.entries(preset?.headers ?? {}).filter(([, value]) => !value.includes('{{'));
    expect(asked).toMatchObject({ method: preset?.method ?? 'GET', headers: Object.fromEntries(plain) });
    // Every placeholder is filled in.
    expect(`${asked?.url ?? ''} ${JSON.stringify(asked?.headers)}`).not.toMatch(/\{\{|%7B%7B/i);
    if (sample.asked !== undefined) expect(asked?.url).toBe(sample.asked);
    for (const meter of Object.values(preset?.meters ?? {})) {
      expect(meter).toMatchObject({ label: expect.stringMatching(/\w/) });
      expect(meter.unit).toBeDefined();
      expect(meter.used ?? meter.remaining).toBeDefined();
      // It continues a sentence with a small letter ("At 100%, searches are refused."), so no name begins it.
      expect(meter.consequence ?? 'Not known.').toMatch(/^[A-Z][a-z-].*\.$/);
      expect(meter.consequence ?? '').not.toMatch(new RegExp(`^${preset?.label.split(/\W/)[0] ?? ''}\\b`));
    }
  });

  test('an answer without figures stores nothing and says what is wrong', async () => {
    const body = bodyOf(pages[0], format);
    const bad = Object.entries(BAD).filter(([about]) => format === 'json' || !ONLY_JSON.has(about));
    const results = bad.map(async ([about, answer]) => ({ about, result: await polled(name, [answer(body)], sample) }));
    for (const { about, result } of await Promise.all(results)) {
      expectMistake(result, about);
      if (/^40[13]/.test(about)) expect(result.outcome.problem?.remedy, about).toContain('VENDOR_KEY');
    }
  });

  test('-1 for every number is a mistake', async () => {
    const minus = withLeaves(pages[0], (leaf) => (isNumeric(leaf) ? (typeof leaf === 'string' ? '-1' : -1) : leaf));
    const inHeaders = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, isNumeric(value) ? '-1' : value]));
    expectMistake(await polled(name, [{ ...answerOf(minus), headers: inHeaders }], sample), '-1');
  });

  test.each(Object.keys(sample.requests))('a refused or useless answer to the request %s before it is a mistake', async (request) => {
    for (const answer of [json({ error: 'invalid_client' }, 401), json({}), json(null), { body: HTML }]) {
      const result = await polled(name, pages.map(answerOf), sample, { [request]: answer });
      if (answer.status === 401 || request === 'token' || answer.body === HTML) expectMistake(result, `${request}: ${answer.body}`);
      else for (const { refused } of result.read) expect(refused).toBeNull();
    }
  });

  test.each(traps)('$is', async (trap) => {
    const body = trap.answer === undefined ? pages[0] : trap.answer;
    const requests = { ...sample.requests, ...trap.requests };
    const result = await polled(name, [{ ...answerOf(body), headers: trap.headers ?? headers }], { ...sample, requests });
    if (Object.keys(trap.figures).length === 0) expectMistake(result, trap.is);
    else expect(figuresOf(result.read, trap.figures)).toEqual(trap.figures);
  });
});
