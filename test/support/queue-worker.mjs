/**
 * A worker process of the wake queue: `node queue-worker.mjs <database URL> [<Redis URL>]`. Prints each id it is handed and
 * never finishes with it, so that a test can kill it in the middle.
 */
import { createWakeQueue } from '../../dist/queue/wake-queue.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const [databaseUrl, redisUrl = null] = process.argv.slice(2);
const queue = await createWakeQueue({ databaseUrl, redisUrl, log: silent });
await queue.work((id) => {
  console.log(id);
  return new Promise(() => {});
});
