import type { PollDefinition, PollOutcome } from '../../core/meters/poll.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import { pollFailureText } from '../../messages/text/poll-failure.ts';
import { hostOf } from '../../outbound/host.ts';

type Failed = Extract<PollOutcome, { outcome: 'failed' }>;
type About = { readonly source: string; readonly definition: Pick<PollDefinition, 'keyVariables' | 'url'> };

/** Returns the outcome of a failed poll: the problem for the operator, and whether it is likely to pass. */
export function failedBecause(failure: PollFailure, { source, definition: { keyVariables, url } }: About): Failed {
  const passing =
    failure.kind === 'timeout' ||
    failure.kind === 'unreachable' ||
    (failure.kind === 'status' && (failure.status === 429 || failure.status >= 500));
  const problem = pollFailureText(failure, { source, host: hostOf(new URL(url)), keyVariables });
  return { outcome: 'failed', problem, passing, retryAfterMs: failure.kind === 'status' ? failure.retryAfterMs : null };
}
