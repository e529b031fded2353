import { z } from 'zod';

/** A job carries an id and nothing else. */
export const jobSchema = z.object({ id: z.string() });

/** A crashed worker's job is handed out again after about six seconds instead of sixty. */
export const RECOVERY = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 10 };
