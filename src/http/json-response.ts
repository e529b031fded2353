import type { ServerResponse } from 'node:http';
import { endAnswer } from './end-response.ts';

/** Sends a complete JSON answer. Used for answers outside of the express router, so that all look the same. */
export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  endAnswer(response, status, { ...headers, 'content-type': 'application/json; charset=utf-8' }, JSON.stringify(body));
}
