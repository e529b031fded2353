/**
 * A process that owns an embedded PostgreSQL: `node embedded-owner.mjs <data folder>`. Says how the start went as one line
 * of JSON; stops the server and ends when its input ends, or is killed.
 */
import { startEmbedded } from '../../dist/postgres/embedded/server.js';

const server = await startEmbedded({ dataDir: process.argv[2] });
console.log(JSON.stringify(server.ok ? { url: server.value.url, adopted: server.value.adopted } : { failure: server.error }));
process.stdin.resume().once('end', async () => {
  if (server.ok) await server.value.stop();
  process.exit();
});
