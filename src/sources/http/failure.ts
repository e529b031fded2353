import type { Answer } from '../../core/meters/answer.ts';
import type { PollDefinition, PollOutcome, PollProblem } from '../../core/meters/poll.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import { pollFailureText } from '../../messages/text/poll-failure.ts';
import { hostOf } from '../../outbound/host.ts';

type Failed = Extract<PollOutcome, { outcome: 'failed' }>;
type About = { readonly source: string; readonly definition: Pick<PollDefinition, 'keyVariables' | 'url'> };

/**
 * Returns the outcome of a failed poll: the problem for the operator, and whether it is likely to pass.
 *
 * @param shape the form of the answer, if its expressions were evaluated
 */
export function failedBecause(failure: PollFailure, { source, definition: { keyVariables, url } }: About, shape?: Answer): Failed {
  const passing =
    failure.kind === 'timeout' ||
    failure.kind === 'unreachable' ||
    (failure.kind === 'status' && (failure.status === 429 || failure.status >= 500));
  const problem = pollFailureText(failure, { source, host: hostOf(new URL(url)), keyVariables });
  return {
    outcome: 'failed',
    shape: shape ?? shapeOf(failure, problem),
    problem,
    passing,
    retryAfterMs: failure.kind === 'status' ? failure.retryAfterMs : null,
  };
}

const UNREADABLE: ReadonlySet<PollFailure['kind']> = new Set(['empty', 'html', 'not-json', 'too-deep', 'no-value']);

function shapeOf(failure: PollFailure, problem: PollProblem): Answer {
  if (UNREADABLE.has(failure.kind)) return { kind: 'unreadable', problem };
  // The address was moved or removed: as certain a change as another answer. A single one is not told.
  if (failure.kind === 'status' && (failure.status === 404 || failure.status === 410)) return { kind: 'unreadable', problem };
  const isRefused = failure.kind === 'status' && (failure.status === 401 || failure.status === 403);
  return isRefused ? { kind: 'refused', problem } : { kind: 'unknown' };
}
