// @ts-check
/**
 * Ends the process that evaluates, from a thread of its own, when it is at one job for too long. The service does so too and
 * sooner; but a service that was killed does not, and an expression that never returns would then spin for ever.
 */
import { parentPort } from 'node:worker_threads';

/** A little longer than the service's own patience, so that the service knows why its child ended. */
const JOB_WITHIN_MS = 3_000;

/** @type {NodeJS.Timeout | undefined} */
let deadline;
parentPort?.on('message', (/** @type {'begun' | 'done'} */ news) => {
  clearTimeout(deadline);
  if (news === 'begun') deadline = setTimeout(() => process.kill(process.pid, 'SIGKILL'), JOB_WITHIN_MS);
});
