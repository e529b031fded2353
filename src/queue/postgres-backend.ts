import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { jobSchema, RECOVERY } from './job.ts';
import type { QueueBackend } from './backend.ts';

/** BullMQ's tables live in a schema of their own, out of the sight of Prisma's. */
const SCHEMA = 'bullmq';

export function postgresBackend(databaseUrl: string): QueueBackend {
  const connection = { connectionString: databaseUrl, schema: SCHEMA, migrate: true, max: 4, connectionTimeoutMillis: 5_000 };
  return {
    kind: 'postgres',
    queue: (name) => new Queue(name, { connection }, createPostgresBackend),
    worker: (name, handle, concurrency) =>
      new Worker(name, (job) => handle(jobSchema.parse(job.data).id), { connection, concurrency, ...RECOVERY }, createPostgresBackend),
    close: async () => {},
  };
}
