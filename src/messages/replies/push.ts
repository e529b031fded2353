import type { BodyProblem } from '../../core/text/import-problem.ts';
import type { DatabaseProblem } from '../../core/database-problem.ts';
import { notReachedText, NOT_STORED, unreadBodyText, type UnreadBody } from './refused-request.ts';

/** Why a request to `/v1/usage` is rejected. `why` of `not-json`: what the parser says, or null if the body is not UTF-8. */
export type PushProblem =
  | { readonly kind: 'wrong-method' | 'unknown-key' | 'no-key' | 'read-needs-key' | 'old-timestamp' | 'wrong-signature' }
  | { readonly kind: 'headers-missing'; readonly headers: readonly string[] }
  | { readonly kind: 'other-source'; readonly source: string }
  | UnreadBody
  | { readonly kind: 'long-event-id' | 'deep'; readonly most: number }
  | { readonly kind: 'too-many-requests' | 'key-not-looked-up' }
  | {
      readonly kind: 'database-away';
      readonly problem: DatabaseProblem | null;
      readonly asked: 'push' | 'read';
      readonly isStoredInPart?: boolean;
    }
  | BodyProblem;

const MOST_MIB = 1;

/** Explains to the developer of a sender what is wrong and what to send. It does not help anyone guess a valid key. */
export function pushProblemText(problem: PushProblem): string {
  switch (problem.kind) {
    case 'wrong-method':
      return 'GET reads the overview, POST pushes readings';
    case 'unknown-key':
      return 'this ingest key is not known here';
    case 'no-key':
      return 'send Authorization: Bearer <ingest key>, or a Standard Webhooks signature made with it';
    case 'read-needs-key':
      return 'reading needs the key itself: send Authorization: Bearer <ingest key>';
    case 'headers-missing':
      return `a signature needs ${problem.headers.join(' and ')} too`;
    case 'old-timestamp':
      return 'webhook-timestamp must be within five minutes of now, in seconds since 1970';
    case 'wrong-signature':
      return 'webhook-signature does not match: sign webhook-id.webhook-timestamp.body, the bytes as they are sent, with the whsec_ secret of an ingest key';
    case 'other-source':
      return `this key may only push and read the source "${problem.source}"`;
    case 'too-large':
    case 'unknown-encoding':
    case 'damaged':
    case 'full':
    case 'cut-off':
      return unreadBodyText(problem, MOST_MIB);
    case 'long-event-id':
      return `webhook-id must have at most ${String(problem.most)} characters`;
    case 'too-many-requests':
      return 'too many requests at once; try again in a second';
    case 'key-not-looked-up':
      return 'this key is new here and could not be looked up now; send the request again';
    case 'database-away':
      return notReachedText(problem.problem, databaseAwayRemedy(problem));
    case 'deep':
      return `the body is nested more than ${String(problem.most)} levels deep`;
    default:
      return bodyProblemText(problem);
  }
}

function databaseAwayRemedy({ asked, isStoredInPart = false }: Extract<PushProblem, { readonly kind: 'database-away' }>): string {
  if (asked === 'read') return 'try again in a moment';
  return isStoredInPart ? 'part of it was stored, send all of it again' : NOT_STORED;
}

/** The same for a body, which may also come from a file. */
export function bodyProblemText(problem: BodyProblem): string {
  switch (problem.kind) {
    case 'not-json':
      return `the body is not JSON: ${problem.why ?? 'it is not UTF-8'}`;
    case 'unknown-field':
      return `"${problem.field}" is not a field of the body (source, readings)`;
    case 'bad-source':
      return '"source" must have 1 to 200 characters, without control characters or a slash';
    case 'no-list':
      return 'the body must be an object with a list "readings": { "source": "abmatic", "readings": [ { "meter": "apollo_contacts", "used": 1614, "total": 1000000 } ] }';
  }
}
