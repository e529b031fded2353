import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express } from 'express';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import type { TakeBackup } from '../ports/inbound/backup.ts';
import type { Log } from '../ports/log.ts';
import { openService, type RunningService } from './client.ts';
import { resultOf } from './wire.ts';

const BACKUP_TYPE = 'application/octet-stream';
/** Until the first bytes come: the rows themselves take their time. */
const BEGINS_WITHIN_MS = 60_000;
/** Who takes nothing for so long is gone. */
const STALLED_MS = 5 * 60_000;
const askedSchema = z.object({ user: z.string().max(200) });
const refusal = resultOf(z.never());

/** `POST /local/backup`: the bytes of a backup. It comes after what checks the token. */
export function mountBackup(app: Express, take: TakeBackup, log: Log): void {
  app.post('/local/backup', async (request, response) => {
    const bytes = take(askedSchema.catch({ user: 'unnamed' }).parse(request.body).user);
    let first: IteratorResult<Buffer, void>;
    try {
      first = await bytes.next();
    } catch (error) {
      return void response.json(err(error instanceof Error ? error.message : String(error)));
    }
    // Meanwhile the database keeps all rows as they were.
    response.type(BACKUP_TYPE).setTimeout(STALLED_MS, () => void response.destroy());
    try {
      await pipeline(Readable.from(withFirst(first, bytes), { objectMode: false }), response);
    } catch (error) {
      // The connection is cut, so that nobody takes half a backup for a whole one.
      log.warn({ error }, 'a backup ended early');
    }
  });
}

async function* withFirst(first: IteratorResult<Buffer, void>, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer> {
  if (first.done !== true) yield first.value;
  yield* rest;
}

/** The bytes of a backup that the running service takes. */
export async function backupOfService(service: RunningService, user: string): Promise<Result<AsyncIterable<Uint8Array>, string>> {
  const response = await openService(service, 'backup', { user }, BEGINS_WITHIN_MS);
  if (!response.ok) return response;
  const { headers, body } = response.value;
  if (!headers.get('content-type')?.startsWith(BACKUP_TYPE) || body === null) {
    const refused = refusal.parse(await response.value.json());
    return refused.ok ? err('The service sent no backup.') : refused;
  }
  return ok(body);
}
