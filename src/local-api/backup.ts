import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express } from 'express';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import type { Person } from '../core/text/person.ts';
import { EMPTY_BACKUP } from '../messages/failures/service.ts';
import type { TakeBackup } from '../ports/inbound/backup.ts';
import type { Log } from '../ports/log.ts';
import { openService, type RunningService } from './client.ts';
import { withParsed } from './routes.ts';
import { actor, resultOf } from './wire.ts';

const BACKUP_TYPE = 'application/octet-stream';
/** The time until the first bytes; the rows themselves may take longer. */
const BEGINS_WITHIN_MS = 60_000;
/** A client that reads nothing for this long is gone. */
const STALLED_MS = 5 * 60_000;
const askedSchema = z.object({ actor });
const refusal = resultOf(z.never());

/** Mounts `POST /local/backup`, which answers with the bytes of a backup. Mount it after the check of the token. */
export function mountBackup(app: Express, take: TakeBackup, log: Log): void {
  const backUp = withParsed(askedSchema, async (asked, response) => {
    const bytes = take(asked.actor);
    let first: IteratorResult<Buffer, void>;
    try {
      first = await bytes.next();
    } catch (error) {
      return void response.json(err(error instanceof Error ? error.message : String(error)));
    }
    // Reading holds a database snapshot, so a stalled client must not keep it open.
    response.type(BACKUP_TYPE).setTimeout(STALLED_MS, () => void response.destroy());
    try {
      await pipeline(Readable.from(withFirst(first, bytes), { objectMode: false }), response);
    } catch (error) {
      // The connection is destroyed, so that the client cannot mistake half a backup for a complete one.
      log.warn({ error }, 'backup aborted');
    }
  });
  app.post('/local/backup', backUp);
}

async function* withFirst(first: IteratorResult<Buffer, void>, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer> {
  if (first.done !== true) yield first.value;
  yield* rest;
}

/** Requests a backup from the running service and returns its bytes. */
export async function backupOfService(service: RunningService, actor: Person): Promise<Result<AsyncIterable<Uint8Array>, string>> {
  const response = await openService(service, 'backup', { actor }, BEGINS_WITHIN_MS);
  if (!response.ok) return response;
  const { headers, body } = response.value;
  if (!headers.get('content-type')?.startsWith(BACKUP_TYPE) || body === null) {
    const refused = refusal.parse(await response.value.json());
    return refused.ok ? err(EMPTY_BACKUP) : refused;
  }
  return ok(body);
}
