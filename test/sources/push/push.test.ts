import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSql } from '../../support/database.ts';
import { BEARER, runningService, type RunningService } from '../../http/running-service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
});
afterAll(() => service.stop());

const taken = { accepted: 1, duplicates: 0, rejected: [] };
const minutesAhead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe('POST /v1/usage', () => {
  test('answers 202 with the accepted, known and rejected readings, and nothing else', async () => {
    const observedAt = '2026-11-01T08:00:00Z';
    const readings = [
      { meter: 'shape', used: 1, total: 10, observedAt },
      { meter: 'shape', used: -1 },
      { meter: 'shape', used: 2, total: 10, observedAt: '2026-11-01T09:00:00Z' },
    ];
    const first = await service.push({ source: 'abmatic', readings });
    expect(first.status).toBe(202);
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await first.json()).toEqual({ accepted: 2, duplicates: 0, rejected: [{ index: 1, reason: 'used is negative' }] });
    expect(await (await service.push({ source: 'abmatic', readings })).json()).toEqual({
      accepted: 0,
      duplicates: 2,
      rejected: [{ index: 1, reason: 'used is negative' }],
    });
  });

  test('answers after the accepted readings are committed', async () => {
    await service.push({ source: 'committed', readings: [{ meter: 'm', used: '9223372036854775807', total: null }] });
    expect(await runSql(service.databaseUrl, "SELECT key, used::text, total FROM meter WHERE source_id = 'committed'")).toEqual([
      { key: 'm', used: '9223372036854775807', total: null },
    ]);
  });

  test('a body without a source goes to the source push, and an empty list stores nothing', async () => {
    expect(await (await service.push({ readings: [{ meter: 'without-source', used: 1 }] })).json()).toEqual(taken);
    expect(await runSql(service.databaseUrl, "SELECT source_id FROM meter WHERE key = 'without-source'")).toEqual([{ source_id: 'push' }]);
    const empty = await service.push({ readings: [] });
    expect([empty.status, await empty.json()]).toEqual([202, { accepted: 0, duplicates: 0, rejected: [] }]);
  });

  test.each<[string, unknown, unknown]>([
    ['a fraction of a credit', { used: 1.5 }, 'used has digits after the point, but the meter counts whole units'],
    ['a tiny fraction', { used: 1e-7 }, 'used has digits after the point, but the meter counts whole units'],
    ['less than nothing', { used: -1 }, 'used is negative'],
    ['an unlimited total as others write it', { used: 5, total: -1 }, 'total is negative: null means unlimited'],
    ['NaN as text', { used: 'NaN' }, 'used is not a decimal number such as 1614 or "25.75"'],
    ['1e308', { used: 1e308 }, 'used is beyond 2^53: send it as a string'],
    ['2^53 as a number', { used: 5, total: 2 ** 53 }, 'total is beyond 2^53: send it as a string'],
    ['2^63', { used: '9223372036854775808' }, 'used is larger than 2^63 - 1'],
    ['used without a meter', { meter: undefined, used: 1 }, 'meter is required'],
    ['a meter without figures', {}, 'used or remaining is required'],
    ['a total alone', { total: 5 }, 'used or remaining is required'],
    ['true', { used: true }, 'used must be a number or a decimal string'],
    ['null as used', { used: null }, 'used must be a number or a decimal string'],
    [
      'a mistyped key',
      { used: 1, totl: 5 },
      '"totl" is not a field of a reading (meter, label, unit, used, remaining, total, decimals, observedAt, period)',
    ],
    [
      'a moment 6 minutes ahead',
      { used: 1, observedAt: minutesAhead(6) },
      expect.stringMatching(
        /^observedAt is [56] min ahead of this server's clock \(\S+Z\): check the clock of the sender, then the clock of this server$/,
      ),
    ],
    [
      'a time without a zone',
      { used: 1, observedAt: '2026-11-01T08:00:00' },
      'observedAt must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
    ],
    [
      'a period of no length',
      { used: 1, period: { start: '2026-12-01T00:00:00Z', end: '2026-12-01T00:00:00Z' } },
      'period.start is not before period.end',
    ],
  ])('%s is rejected with its reason, and the valid readings around it are accepted', async (what, bad, reason) => {
    const good = { meter: `around ${what}`, used: 1 };
    const body = {
      source: 'mixed',
      readings: [
        { ...good, observedAt: '2026-11-01T08:00:00Z' },
        { meter: `bad ${what}`, ...(typeof bad === 'object' ? bad : {}) },
        { ...good, observedAt: '2026-11-01T09:00:00Z' },
      ],
    };
    const answer = await service.push(body);
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: 2, duplicates: 0, rejected: [{ index: 1, reason }] }]);
    expect(
      await runSql(
        service.databaseUrl,
        `SELECT count(*)::int AS readings FROM reading JOIN meter ON meter.id = reading.meter_id WHERE meter.key LIKE 'bad%' AND meter.source_id = 'mixed'`,
      ),
    ).toEqual([{ readings: 0 }]);
  });

  test.each([
    ['null', 'a reading must be an object'],
    ['[]', 'a reading must be an object'],
    ['"x"', 'a reading must be an object'],
    ['{"meter":"x","used":1e999}', 'used must be a number or a decimal string'],
    [
      '{"meter":"x","used":1,"__proto__":{"total":5}}',
      '"__proto__" is not a field of a reading (meter, label, unit, used, remaining, total, decimals, observedAt, period)',
    ],
    [
      '{"meter":"x","used":1,"constructor":5}',
      '"constructor" is not a field of a reading (meter, label, unit, used, remaining, total, decimals, observedAt, period)',
    ],
    ['{"__proto__":{"meter":"x","used":1}}', 'meter is required'],
  ])('the reading %s is rejected: %s', async (raw, reason) => {
    const answer = await service.push(`{"readings":[${raw}]}`);
    expect([answer.status, await answer.json()]).toEqual([422, { accepted: 0, duplicates: 0, rejected: [{ index: 0, reason }] }]);
  });

  test.each<[string, readonly unknown[], number, object]>([
    ['everything was refused', [{ meter: 's', used: -1 }, { meter: 's' }], 422, { accepted: 0, duplicates: 0 }],
    [
      'a reading was accepted',
      [
        { meter: 's', used: -1 },
        { meter: 's', used: 1, observedAt: '2026-11-01T08:00:00Z' },
      ],
      202,
      { accepted: 1 },
    ],
    [
      'a reading was known',
      [
        { meter: 's', used: -1 },
        { meter: 's', used: 1, observedAt: '2026-11-01T08:00:00Z' },
      ],
      202,
      { duplicates: 1 },
    ],
    ['nothing was sent', [], 202, { accepted: 0, rejected: [] }],
  ])('if %s, the status says so', async (_what, readings, status, report) => {
    const answer = await service.push({ source: 'statuses', readings });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject(report);
  });

  test('a rejected push with a webhook-id is not a duplicate when it is sent again, and counts once it is valid', async () => {
    const send = (used: number) =>
      service.push({ source: 'resent', readings: [{ meter: 'm', used }] }, { ...BEARER, 'webhook-id': 'evt_refused' });
    const refused = { accepted: 0, duplicates: 0, rejected: [{ index: 0, reason: 'used is negative' }] };
    for (const answer of [await send(-1), await send(-1)]) expect([answer.status, await answer.json()]).toEqual([422, refused]);
    expect(await (await send(5)).json()).toEqual(taken);
    expect(await (await send(5)).json()).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a meter may be named %s', async (meter) => {
    expect(await (await service.push({ source: 'odd', readings: [{ meter, used: 1, total: 2 }] })).json()).toEqual(taken);
    expect(await (await service.push({ source: 'abmatic', readings: [{ meter, used: 1, total: 2 }] })).json()).toEqual(taken);
    const stored = await runSql(
      service.databaseUrl,
      `SELECT source_id, unit, decimals, used::int, total::int FROM meter WHERE key = '${meter}' ORDER BY source_id`,
    );
    expect(stored).toEqual(['abmatic', 'odd'].map((source) => ({ source_id: source, unit: '', decimals: 0, used: 1, total: 2 })));
    expect(Object.prototype).not.toHaveProperty('used');
  });

  test('accepts 1,000 readings in one request, and with a webhook-id only once', async () => {
    const readings = Array.from({ length: 1000 }, (_, index) => ({
      meter: `thousand-${index % 50}`,
      label: 'One of a thousand',
      unit: 'credits',
      used: index,
      total: 1_000_000,
      observedAt: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
    }));
    const headers = { ...BEARER, 'webhook-id': 'msg_thousand' };
    expect(await (await service.push({ source: 'thousand', readings }, headers)).json()).toEqual({
      accepted: 1000,
      duplicates: 0,
      rejected: [],
    });
    expect(await (await service.push({ source: 'thousand', readings }, headers)).json()).toEqual({
      accepted: 0,
      duplicates: 1000,
      rejected: [],
    });
    expect(
      await runSql(
        service.databaseUrl,
        "SELECT count(*)::int AS readings, count(DISTINCT meter_id)::int AS meters FROM reading JOIN meter ON meter.id = reading.meter_id WHERE source_id = 'thousand'",
      ),
    ).toEqual([{ readings: 1000, meters: 50 }]);
  });

  test('a time 4 minutes ahead is accepted', async () => {
    expect(await (await service.push({ readings: [{ meter: 'ahead', used: 1, observedAt: minutesAhead(4) }] })).json()).toEqual(taken);
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ['nothing', '', /^the body is not JSON: /],
    ['half a body', '{"readings":[', /^the body is not JSON: /],
    ['NaN', '{"readings":[{"meter":"x","used":NaN}]}', /^the body is not JSON: /],
    ['text', 'used=5', /^the body is not JSON: /],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), /^the body is not JSON: it is not UTF-8$/],
    ['a list', '[]', /^the body must be an object with a list "readings": /],
    ['a number', '5', /^the body must be an object with a list "readings": /],
    ['readings that are no list', '{"readings":{"meter":"x","used":1}}', /^the body must be an object with a list "readings": /],
    [
      'a source with a slash',
      '{"source":"a/b","readings":[]}',
      /^"source" must have 1 to 200 characters, without control characters or a slash$/,
    ],
    ['a source that is a number', '{"source":5,"readings":[]}', /^"source" must have 1 to 200 characters/],
    [
      'a mistyped source, which is no reading of the source push',
      '{"sorce":"abmatic","readings":[{"meter":"x","used":1}]}',
      /^"sorce" is not a field of the body \(source, readings\)$/,
    ],
    ['mistyped readings', '{"source":"abmatic","reading":[]}', /^the body must be an object with a list "readings": /],
    ['100,000 lists in each other', '['.repeat(100_000) + ']'.repeat(100_000), /^the body is nested more than 16 levels deep$/],
    [
      'a reading of 100,000 lists in each other',
      `{"readings":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      /^the body is nested more than 16 levels deep$/,
    ],
    [
      '100,000 objects in each other',
      `{"readings":[${'{"used":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`,
      /^the body is nested more than 16 levels deep$/,
    ],
  ])('%s gets 400', async (_what, body, error) => {
    const answer = await fetch(`${service.url}/v1/usage`, { method: 'POST', headers: BEARER, body });
    expect([answer.status, await answer.json()]).toEqual([400, { error: expect.stringMatching(error) }]);
  });

  test('a webhook-id also counts with a bearer key: the same one again changes nothing', async () => {
    const headers = { ...BEARER, 'webhook-id': 'msg_with_bearer' };
    expect(await (await service.push({ readings: [{ meter: 'event', used: 1 }] }, headers)).json()).toEqual(taken);
    expect(await (await service.push({ readings: [{ meter: 'event', used: 2 }] }, headers)).json()).toEqual({
      accepted: 0,
      duplicates: 1,
      rejected: [],
    });
    expect(await (await service.push({ source: 'other', readings: [{ meter: 'event', used: 2 }] }, headers)).json()).toEqual(taken);
  });

  test('a webhook-id is never truncated: one of 300 characters is accepted, one of 301 rejected', async () => {
    const push = (id: string) => service.push({ readings: [{ meter: 'long-id', used: 1 }] }, { ...BEARER, 'webhook-id': id });
    expect(await (await push('x'.repeat(300))).json()).toEqual(taken);
    const longer = await push('x'.repeat(301));
    expect([longer.status, await longer.json()]).toEqual([400, { error: 'webhook-id must have at most 300 characters' }]);
  });
});

describe('the ingest key', () => {
  const NO_KEY = 'send Authorization: Bearer <ingest key>, or a Standard Webhooks signature made with it';
  const NO_KEY_TO_READ = 'reading needs the key itself: send Authorization: Bearer <ingest key>';
  const NOT_KNOWN = 'this ingest key is not known here';

  test.each<[string, Record<string, string>, string]>([
    ['missing', {}, NO_KEY],
    ['wrong', { authorization: 'Bearer not-the-key-of-the-tests' }, NOT_KNOWN],
    ['wrong, beside an id', { authorization: 'Bearer not-the-key-of-the-tests', 'webhook-id': 'msg_1' }, NOT_KNOWN],
    ['cut', { authorization: BEARER.authorization.slice(0, -1) }, NOT_KNOWN],
    ['in another scheme', { authorization: BEARER.authorization.replace('Bearer', 'Basic') }, NO_KEY],
    ['without a scheme', { authorization: BEARER.authorization.replace('Bearer ', '') }, NO_KEY],
    ['empty', { authorization: 'Bearer ' }, NO_KEY],
  ])('%s gets 401 for a push and for the overview, and nothing is stored', async (what, headers, error) => {
    for (const [answer, why] of [
      [await service.push({ source: 'stranger', readings: [{ meter: what, used: 1 }] }, headers), error],
      [await service.get('/v1/usage', headers), error === NO_KEY ? NO_KEY_TO_READ : error],
    ] as const) {
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await answer.json()).toEqual({ error: why });
    }
    expect(await runSql(service.databaseUrl, "SELECT 1 FROM meter WHERE source_id = 'stranger'")).toEqual([]);
  });

  test('is accepted with "bearer" in any case, because the scheme is case-insensitive', async () => {
    expect((await service.get('/v1/usage', { authorization: BEARER.authorization.replace('Bearer', 'bearer') })).status).toBe(200);
  });

  test('is checked before the body: an unknown sender does not learn that the body is not JSON', async () => {
    expect((await service.push('{', {})).status).toBe(401);
  });

  test('is never logged', () => {
    expect(service.log.text()).not.toContain('ingest-key');
  });
});

describe('other methods of /v1/usage', () => {
  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s gets 405 with the allowed methods', async (method) => {
    const answer = await fetch(`${service.url}/v1/usage`, { method, headers: BEARER });
    expect([answer.status, answer.headers.get('allow'), await answer.json()]).toEqual([
      405,
      'GET, HEAD, POST',
      { error: 'GET reads the overview, POST pushes readings' },
    ]);
  });

  test('HEAD answers like GET without a body, with and without the key', async () => {
    const answer = await fetch(`${service.url}/v1/usage`, { method: 'HEAD', headers: BEARER });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect((await fetch(`${service.url}/v1/usage`, { method: 'HEAD' })).status).toBe(401);
  });
});
