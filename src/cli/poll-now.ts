import type { PolledSourceConfig } from '../config/config.ts';
import { systemClock } from '../app/system-clock.ts';
import type { Evaluator } from '../sources/http/evaluator.ts';
import { pollOnce } from '../sources/http/poll-once.ts';

/**
 * Polls a source once and stores nothing, not even its token.
 *
 * @param onSecret hears each token and value that an answer gives for later requests
 */
export function pollNow(
  { id, poll }: Pick<PolledSourceConfig, 'id' | 'poll'>,
  evaluator: Evaluator,
  onSecret: (secret: string) => void = () => {},
): ReturnType<typeof pollOnce> {
  return pollOnce(id, poll, { evaluator, now: () => systemClock.now(), signal: new AbortController().signal, onSecret });
}
