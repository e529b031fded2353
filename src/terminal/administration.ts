import type { Express } from 'express';
import { z } from 'zod';
import type { Administration } from '../ports/administration.ts';
import { callService, type RunningService } from './service-client.ts';
import { on } from './local-routes.ts';
import { resultOf } from './wire.ts';

const account = z.string().nullable();

/** What `POST /local/<what>` takes and answers, as `wire.ts` has it for the desk. */
const calls = {
  keys: {
    ask: z.object({ account }),
    answer: resultOf(
      z.array(
        z.object({
          account: z.string(),
          source: z.string().nullable(),
          from: z.enum(['database', 'INGEST_KEY', 'creditwatch.yml']),
          key: z.string(),
          until: z.coerce.date().nullable(),
        }),
      ),
    ),
  },
  rotateKey: {
    ask: z.object({ account, atOnce: z.boolean() }),
    answer: resultOf(z.object({ account: z.string(), key: z.string(), earlierUntil: z.coerce.date().nullable() })),
  },
  rotateEncryption: {
    ask: z.object({}),
    answer: resultOf(
      z.object({
        from: z.enum(['environment', 'folder']),
        made: z.boolean(),
        hasPrevious: z.boolean(),
        done: z.int(),
        now: z.object({ current: z.int(), previous: z.int(), unreadable: z.int() }),
      }),
    ),
  },
  retireKeys: { ask: z.object({ account }), answer: resultOf(z.int()) },
};

/** The routes of the running service, for whoever knows its token. They come after what checks that. */
export function mountAdministration(app: Express, administration: Administration): void {
  app.post(
    '/local/keys',
    on(calls.keys.ask, async (asked, response) => void response.json(await administration.keys(asked))),
  );
  app.post(
    '/local/rotateKey',
    on(calls.rotateKey.ask, async (asked, response) => void response.json(await administration.rotateKey(asked))),
  );
  app.post(
    '/local/rotateEncryption',
    on(calls.rotateEncryption.ask, async (_asked, response) => void response.json(await administration.rotateEncryption())),
  );
  app.post(
    '/local/retireKeys',
    on(calls.retireKeys.ask, async (asked, response) => void response.json(await administration.retireKeys(asked))),
  );
}

/** The administration of the running service, asked over HTTP with the token of its data folder. */
export function administrationClient(service: RunningService): Administration {
  return {
    keys: (asked) => callService(service, 'keys', asked, calls.keys.answer),
    rotateKey: (asked) => callService(service, 'rotateKey', asked, calls.rotateKey.answer),
    rotateEncryption: () => callService(service, 'rotateEncryption', {}, calls.rotateEncryption.answer),
    retireKeys: (asked) => callService(service, 'retireKeys', asked, calls.retireKeys.answer),
  };
}
