import { Arrivals } from './arrivals.ts';
import { lintMessage } from './block-limits.ts';
import type { Answer } from './meet.ts';

/** Something said through a response URL. */
export type Told = { readonly url: string; readonly body: Readonly<Record<string, unknown>>; readonly text: string; readonly at: number };

const USES = 5;

/** The addresses that Slack hands out with each command (docs.slack.dev/interactivity/handling-user-interaction). */
export class ResponseUrls {
  readonly told = new Arrivals<Told>('answer', ({ text }) => text);
  readonly #uses = new Map<string, number>();
  readonly #base: string;
  readonly #now: () => Date;
  readonly #complaints: string[];

  constructor(base: string, now: () => Date, complaints: string[]) {
    this.#base = base;
    this.#now = now;
    this.#complaints = complaints;
  }

  newAddress(): string {
    const path = `/response/T0FAKE/${String(this.#uses.size + 1)}/the-secret-part`;
    this.#uses.set(path, 0);
    return this.#base + path;
  }

  take(path: string, body: Readonly<Record<string, unknown>>): Answer {
    const used = this.#uses.get(path);
    if (used === undefined || used >= USES)
      return { status: 404, json: { ok: false, error: used === undefined ? 'expired_url' : 'used_url' } };
    this.#uses.set(path, used + 1);
    this.#complaints.push(...lintMessage(body).map((complaint) => `response: ${complaint}`));
    this.told.push({ url: this.#base + path, body, text: String(body['text']), at: this.#now().getTime() });
    return { json: 'ok' };
  }
}
