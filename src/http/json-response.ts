import type { ServerResponse } from 'node:http';
import { endAnswer } from './end-response.ts';

/** Answers in JSON, whole: what is not answered by the router of express looks the same. */
export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  endAnswer(response, status, { ...headers, 'content-type': 'application/json; charset=utf-8' }, JSON.stringify(body));
}
