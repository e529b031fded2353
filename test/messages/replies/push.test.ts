import { expect, test } from 'vitest';
import { pushProblemText, type PushProblem } from '../../../src/messages/replies/push.ts';

test.each<[PushProblem, string]>([
  [{ kind: 'wrong-method' }, 'GET reads the overview, POST pushes readings'],
  [{ kind: 'unknown-key' }, 'this ingest key is not known here'],
  [{ kind: 'no-key' }, 'send Authorization: Bearer <ingest key>, or a Standard Webhooks signature made with it'],
  [{ kind: 'read-needs-key' }, 'reading needs the key itself: send Authorization: Bearer <ingest key>'],
  [{ kind: 'headers-missing', headers: ['webhook-id', 'webhook-timestamp'] }, 'a signature needs webhook-id and webhook-timestamp too'],
  [{ kind: 'old-timestamp' }, 'webhook-timestamp must be within five minutes of now, in seconds since 1970'],
  [
    { kind: 'wrong-signature' },
    'webhook-signature does not match: sign webhook-id.webhook-timestamp.body, the bytes as they are sent, with the whsec_ secret of an ingest key',
  ],
  [{ kind: 'other-source', source: 'abmatic' }, 'this key may only push and read the source "abmatic"'],
  [{ kind: 'too-large' }, 'the body is larger than 1 MiB'],
  [{ kind: 'unknown-encoding' }, 'this content encoding is not understood: send gzip, deflate, br or none'],
  [{ kind: 'damaged' }, 'the body is not compressed as content-encoding says'],
  [{ kind: 'full' }, 'too many bodies are arriving at once; nothing was stored, send it again'],
  [{ kind: 'cut-off' }, 'the body ended too early'],
  [{ kind: 'long-event-id', most: 300 }, 'webhook-id must have at most 300 characters'],
  [{ kind: 'deep', most: 16 }, 'the body is nested more than 16 levels deep'],
  [{ kind: 'too-many-requests' }, 'too many requests at once; try again in a second'],
  [{ kind: 'key-not-looked-up' }, 'this key is new here and could not be looked up now; send the request again'],
  [{ kind: 'database-away', problem: null, asked: 'push' }, 'the database is not available; nothing was stored, send it again'],
  [
    { kind: 'database-away', problem: null, asked: 'push', isStoredInPart: true },
    'the database is not available; part of it was stored, send all of it again',
  ],
  [{ kind: 'database-away', problem: 'read-only', asked: 'read' }, 'the database is read-only; try again in a moment'],
  [{ kind: 'not-json', why: 'Unexpected end of JSON input' }, 'the body is not JSON: Unexpected end of JSON input'],
  [{ kind: 'not-json', why: null }, 'the body is not JSON: it is not UTF-8'],
  [{ kind: 'unknown-field', field: 'sorce' }, '"sorce" is not a field of the body (source, readings)'],
  [{ kind: 'bad-source' }, '"source" must have 1 to 200 characters, without control characters or a slash'],
  [
    { kind: 'no-list' },
    'the body must be an object with a list "readings": { "source": "abmatic", "readings": [ { "meter": "apollo_contacts", "used": 1614, "total": 1000000 } ] }',
  ],
])('a rejected push or read: %j', (problem, text) => {
  expect(pushProblemText(problem)).toBe(text);
});
