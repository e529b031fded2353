import { z } from 'zod';

/** A job carries ids and nothing else. */
export const jobSchema = z.object({ ids: z.array(z.string()) });
export type WakeJob = z.infer<typeof jobSchema>;

/** A crashed worker's job is handed out again after about six seconds instead of sixty. */
export const RECOVERY = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 10 };
