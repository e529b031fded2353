import { z } from 'zod';

/** A job only carries ids. */
export const jobSchema = z.object({ ids: z.array(z.string()) });
export type WakeJob = z.infer<typeof jobSchema>;

/** Retries the job of a crashed worker after about six seconds instead of sixty. */
export const RECOVERY = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 10 };
