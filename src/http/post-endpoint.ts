import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { DatabaseProblem } from '../core/database-problem.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import { createSlots } from './slots.ts';

/** Why an endpoint does not take a request, whatever is in it. */
type EndpointProblem =
  { readonly kind: 'wrong-method' | 'too-many-requests' } | { readonly kind: 'database-away'; readonly problem: DatabaseProblem | null };

/**
 * Mounts an endpoint, at one address or several, that only takes POST, a limited number at once. `take` answers a request; if it throws
 * `StoreUnavailable`, the request is refused.
 */
export function mountPost(
  path: string | string[],
  {
    most,
    take,
    refuse,
  }: {
    readonly most: number;
    readonly take: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    readonly refuse: (response: ServerResponse, problem: EndpointProblem) => void;
  },
): (app: Express) => void {
  const inFlight = createSlots(most, (response) => refuse(response, { kind: 'too-many-requests' }));
  return (app) => {
    app.all(path, async (request, response) => {
      if (request.method !== 'POST') return refuse(response, { kind: 'wrong-method' });
      if (!inFlight.take(response)) return;
      try {
        await take(request, response);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        refuse(response, { kind: 'database-away', problem: error.problem });
      } finally {
        inFlight.free();
      }
    });
  };
}
