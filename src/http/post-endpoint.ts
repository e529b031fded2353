import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { DatabaseProblem } from '../core/database-problem.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import type { Result } from '../core/result.ts';
import { createFairSlots, createSlots } from './slots.ts';

/** Why an endpoint does not take a request, whatever is in it. */
type EndpointProblem =
  { readonly kind: 'wrong-method' | 'too-many-requests' } | { readonly kind: 'database-away'; readonly problem: DatabaseProblem | null };

/** How many requests may look up their sender at once. */
const MOST_LOOKING = 16;
/** How many requests of known senders may send their bodies or be worked on at once, and how many of these may be of one sender. */
const IN_FLIGHT = { most: 64, mostOfOne: 8 };

/**
 * Mounts an endpoint, at one address or several, that only takes POST, a limited number at once in all and of each sender. `take` reads the
 * body and answers; if it or `senderOf` throws `StoreUnavailable`, the request is refused.
 *
 * @param senderOf finds who sends a request by its headers, with an `id` of the key, or says why it is refused
 */
export function mountPost<Sender extends { readonly id: string }, Problem>(
  path: string | string[],
  {
    senderOf,
    take,
    refuse,
  }: {
    readonly senderOf: (request: IncomingMessage) => Result<Sender, Problem> | Promise<Result<Sender, Problem>>;
    readonly take: (request: IncomingMessage, response: ServerResponse, sender: Sender) => Promise<void>;
    readonly refuse: (response: ServerResponse, problem: EndpointProblem | Problem) => void;
  },
): (app: Express) => void {
  const tooMany = (response: ServerResponse) => refuse(response, { kind: 'too-many-requests' });
  const looking = createSlots(MOST_LOOKING, tooMany);
  const inFlight = createFairSlots(IN_FLIGHT, tooMany);
  return (app) => {
    app.all(path, async (request, response) => {
      if (request.method !== 'POST') return refuse(response, { kind: 'wrong-method' });
      try {
        const sender = await lookUp(request, response);
        if (sender === null) return;
        if (!sender.ok) return refuse(response, sender.error);
        await inFlight.run(response, sender.value.id, () => take(request, response, sender.value));
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        refuse(response, { kind: 'database-away', problem: error.problem });
      }
    });
  };

  async function lookUp(request: IncomingMessage, response: ServerResponse): Promise<Result<Sender, Problem> | null> {
    if (!looking.take(response)) return null;
    try {
      return await senderOf(request);
    } finally {
      looking.free();
    }
  }
}
