import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSignedWith, signingSecret } from '../../../src/sources/push/signature.ts';
import { INGEST_KEY, runningService, type RunningService } from '../../http/running-service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
});
afterAll(() => service.stop());

const SECRET = `whsec_${Buffer.from(INGEST_KEY).toString('base64')}`;
const BODY = JSON.stringify({ source: 'signed', readings: [{ meter: 'm', used: 1, total: 10 }] });
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** Returns the headers of the reference library. */
function signed(id: string, { body = BODY, at = new Date(), secret = SECRET } = {}): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

test('the secret shown at the first start is the secret of the signature', () => {
  expect(signingSecret(INGEST_KEY)).toBe(SECRET);
});

test('a push signed by the standardwebhooks package needs no other key, and its replay gets 202 and changes nothing', async () => {
  const headers = signed('msg_first');
  const first = await service.push(BODY, headers);
  expect([first.status, await first.json()]).toEqual([202, { accepted: 1, duplicates: 0, rejected: [] }]);
  const again = await service.push(BODY, headers);
  expect([again.status, await again.json()]).toEqual([202, { accepted: 0, duplicates: 1, rejected: [] }]);
  const later = await service.push(BODY, signed('msg_first', { at: secondsAgo(1) }));
  expect([later.status, await later.json()]).toEqual([202, { accepted: 0, duplicates: 1, rejected: [] }]);
});

test('one valid signature of several is enough, as during a rotation of the secret', async () => {
  const headers = signed('msg_rotating');
  const other = new Webhook(`whsec_${Buffer.from('another key of 24 bytes.').toString('base64')}`).sign('msg_rotating', new Date(), BODY);
  expect(
    (await service.push(BODY, { ...headers, 'webhook-signature': `v1a,AAAA ${other} ${headers['webhook-signature'] ?? ''}` })).status,
  ).toBe(202);
});

test('a signature over bytes beyond ASCII is valid', async () => {
  const body = JSON.stringify({ source: 'signed', readings: [{ meter: 'zürich-🟢', used: 1 }] });
  expect((await service.push(body, signed('msg_utf8', { body }))).status).toBe(202);
});

const OTHER =
  'webhook-signature does not match: sign webhook-id.webhook-timestamp.body, the bytes as they are sent, with the whsec_ secret of an ingest key';
const LATE = 'webhook-timestamp must be within five minutes of now, in seconds since 1970';

test.each<[string, Record<string, string>, string, string?]>([
  ['of another body', signed('msg_a'), OTHER, BODY.replace('"used":1', '"used":2')],
  ['with a space added to the body', signed('msg_a'), OTHER, `${BODY} `],
  ['for another id', { ...signed('msg_a'), 'webhook-id': 'msg_b' }, OTHER],
  ['for another time', { ...signed('msg_a', { at: secondsAgo(60) }), 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) }, OTHER],
  ['with another key', signed('msg_a', { secret: `whsec_${Buffer.from('another key of 24 bytes.').toString('base64')}` }), OTHER],
  ['5 minutes and 2 seconds old', signed('msg_a', { at: secondsAgo(302) }), LATE],
  ['10 minutes ahead', signed('msg_a', { at: secondsAgo(-600) }), LATE],
  [
    'of another version',
    { ...signed('msg_a'), 'webhook-signature': (signed('msg_a')['webhook-signature'] ?? '').replace('v1,', 'v2,') },
    OTHER,
  ],
  ['that is empty', { ...signed('msg_a'), 'webhook-signature': '' }, OTHER],
  ['that is cut', { ...signed('msg_a'), 'webhook-signature': (signed('msg_a')['webhook-signature'] ?? '').slice(0, -4) }, OTHER],
  ['at no time', { ...signed('msg_a'), 'webhook-timestamp': 'soon' }, LATE],
  ['at a time in exponents', { ...signed('msg_a'), 'webhook-timestamp': '1e9' }, LATE],
  ['without an id', { 'webhook-timestamp': '1', 'webhook-signature': 'v1,' }, 'a signature needs webhook-id too'],
  ['alone', { 'webhook-signature': 'v1,' }, 'a signature needs webhook-id and webhook-timestamp too'],
  ['that was taken off on its way', { 'webhook-id': 'msg_a', 'webhook-timestamp': '1' }, 'a signature needs webhook-signature too'],
])('a signature %s gets 401 with the part that is wrong', async (_what, headers, error, body = BODY) => {
  const answer = await service.push(body, headers);
  expect([answer.status, await answer.json()]).toEqual([401, { error }]);
});

test('a signature 4 minutes and 50 seconds old, or ahead, is valid', async () => {
  expect((await service.push(BODY, signed('msg_old', { at: secondsAgo(290) }))).status).toBe(202);
  expect((await service.push(BODY, signed('msg_ahead', { at: secondsAgo(-290) }))).status).toBe(202);
});

describe('why Creditwatch checks signatures itself and not with the package: if one of these fails, consider the package again', () => {
  const at = new Date('2020-01-01T00:00:00Z');
  const headersOf = (body: string | Buffer) => ({
    id: 'msg_bytes',
    timestamp: String(at.getTime() / 1000),
    signature: new Webhook(SECRET).sign('msg_bytes', at, body),
  });

  test('the package uses the time of the machine, our check the given time', () => {
    const { id, timestamp, signature } = headersOf(BODY);
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    expect(() => new Webhook(SECRET).verify(BODY, headers)).toThrow('Message timestamp too old');
    expect(isSignedWith(INGEST_KEY, { id, timestamp, signature }, Buffer.from(BODY), at)).toBe(true);
  });

  test('the package accepts one signature for two bodies with different bytes; our check accepts it for neither', () => {
    const [one, other] = [Buffer.from([0xff, 0x31]), Buffer.from([0xfe, 0x31])];
    expect(headersOf(one)).toEqual(headersOf(other));
    for (const body of [one, other]) expect(isSignedWith(INGEST_KEY, headersOf(body), body, at)).toBe(false);
  });
});
