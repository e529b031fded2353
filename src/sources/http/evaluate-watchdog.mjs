// @ts-check
/**
 * Ends the evaluating process, from its own thread, if one job takes too long. The service does so too, and sooner. But a killed
 * service cannot, and an endless expression would then spin forever.
 */
import { parentPort } from 'node:worker_threads';

/** A little longer than the limit of the service, so that the service knows why the process ended. */
const JOB_WITHIN_MS = 3_000;

/** @type {NodeJS.Timeout | undefined} */
let deadline;
parentPort?.on('message', (/** @type {'begun' | 'done'} */ news) => {
  clearTimeout(deadline);
  if (news === 'begun') deadline = setTimeout(() => process.kill(process.pid, 'SIGKILL'), JOB_WITHIN_MS);
});
