import type { JobsOptions } from 'bullmq';
import type { WakeJob } from './job.ts';

type Emitter = { on(event: 'error', listener: (error: Error) => void): unknown };

/** The used part of BullMQ's Queue and Worker, whose types differ by backend. */
type Producer = Emitter & {
  addBulk(jobs: { name: string; data: WakeJob; opts: JobsOptions }[]): Promise<unknown>;
  getJobCounts(state: 'active'): Promise<unknown>;
  close(): Promise<void>;
};
export type Consumer = Emitter & { waitUntilReady(): Promise<unknown>; close(force?: boolean): Promise<void> };

export type QueueBackend = {
  readonly kind: 'redis' | 'postgres';
  queue(name: string): Producer;
  worker(name: string, handle: (job: WakeJob) => Promise<void>, concurrency: number): Consumer;
  close(): Promise<void>;
};
