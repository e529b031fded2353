import type { Express } from 'express';
import { z } from 'zod';
import type { Administration } from '../ports/inbound/administration.ts';
import { storedBigint, storedDate } from '../core/json-codecs.ts';
import { nameSchema } from '../core/meters/meter.ts';
import { userIdSchema, storedPerson } from '../core/text/person.ts';
import { callService, type RunningService } from './client.ts';
import { answerTo } from './routes.ts';
import { actor, resultOf } from './wire.ts';

const account = z.string().nullable();
const counts = z.record(z.string(), z.int());

/** Requests that go through all stored data may take long. */
const LONG_MS = 10 * 60_000;

const auditRowSchema = z.object({
  seq: storedBigint,
  account,
  at: storedDate,
  actor: z.object({ platform: z.string(), id: z.string().nullable() }),
  action: z.string(),
  about: z.record(z.string(), z.unknown()),
  place: z.string().nullable(),
  people: z.array(storedPerson),
});

/** The requests and answers of `POST /local/<what>`, with the schemas of `wire.ts`. */
const calls = {
  keys: {
    ask: z.object({ actor, account }),
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
    ask: z.object({ actor, account, atOnce: z.boolean() }),
    answer: resultOf(z.object({ account: z.string(), key: z.string(), earlierUntil: z.coerce.date().nullable() })),
  },
  makeCaptureKey: {
    ask: z.object({ actor, account, sources: z.array(nameSchema).min(1).max(50), mayBeNew: z.boolean() }),
    answer: resultOf(
      z.object({ account: z.string(), name: z.string(), key: z.string(), link: z.string(), newSources: z.array(z.string()) }),
    ),
  },
  captureKeys: {
    ask: z.object({ account }),
    answer: resultOf(
      z.array(
        z.object({
          account: z.string(),
          name: z.string(),
          sources: z.array(z.string()),
          by: z.object({ platform: z.string(), id: z.string() }).nullable(),
          madeAt: z.coerce.date(),
        }),
      ),
    ),
  },
  revokeCaptureKey: { ask: z.object({ actor, account, name: z.string() }), answer: resultOf(z.null()) },
  accountContents: { ask: z.object({ account: z.string() }), answer: resultOf(counts) },
  deleteAccount: {
    ask: z.object({ actor, account: z.string() }),
    answer: resultOf(z.object({ deleted: counts, isDeclared: z.boolean() })),
  },
  exportPerson: {
    ask: z.object({ actor, person: userIdSchema }),
    answer: resultOf(z.record(z.string(), z.array(z.record(z.string(), z.unknown())))),
  },
  forgetPerson: { ask: z.object({ actor, person: userIdSchema }), answer: resultOf(z.object({ found: counts, declared: z.boolean() })) },
  rotateEncryption: {
    ask: z.object({ actor }),
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
  retireKeys: { ask: z.object({ actor, account }), answer: resultOf(z.int()) },
  audit: {
    ask: z.object({
      actor,
      account,
      since: z.string().nullable(),
      by: z.string().nullable(),
      after: storedBigint.nullable(),
      most: z.int(),
    }),
    answer: resultOf(z.object({ rows: z.array(auditRowSchema), zones: z.record(z.string(), z.string()) })),
  },
};

/** Mounts the administration routes of the running service. Mount them after the check of the token. */
export function mountAdministration(app: Express, administration: Administration): void {
  answerTo(app, 'keys', calls.keys.ask, (asked) => administration.keys(asked));
  answerTo(app, 'rotateKey', calls.rotateKey.ask, (asked) => administration.rotateKey(asked));
  answerTo(app, 'makeCaptureKey', calls.makeCaptureKey.ask, (asked) => administration.makeCaptureKey(asked));
  answerTo(app, 'captureKeys', calls.captureKeys.ask, (asked) => administration.captureKeys(asked));
  answerTo(app, 'revokeCaptureKey', calls.revokeCaptureKey.ask, (asked) => administration.revokeCaptureKey(asked));
  answerTo(app, 'accountContents', calls.accountContents.ask, (asked) => administration.accountContents(asked));
  answerTo(app, 'deleteAccount', calls.deleteAccount.ask, (asked) => administration.deleteAccount(asked));
  answerTo(app, 'exportPerson', calls.exportPerson.ask, (asked) => administration.exportPerson(asked));
  answerTo(app, 'forgetPerson', calls.forgetPerson.ask, (asked) => administration.forgetPerson(asked));
  answerTo(app, 'rotateEncryption', calls.rotateEncryption.ask, (asked) => administration.rotateEncryption(asked));
  answerTo(app, 'retireKeys', calls.retireKeys.ask, (asked) => administration.retireKeys(asked));
  answerTo(app, 'audit', calls.audit.ask, async (asked) => {
    const found = await administration.audit(asked);
    return found.ok
      ? {
          ok: true,
          value: {
            ...found.value,
            rows: found.value.rows.map((row) => z.encode(auditRowSchema, { ...row, about: { ...row.about }, people: [...row.people] })),
          },
        }
      : found;
  });
}

/** Returns the administration of the running service, over HTTP with the token of its data folder. */
export function administrationClient(service: RunningService): Administration {
  return {
    keys: (asked) => callService(service, 'keys', asked, calls.keys.answer),
    rotateKey: (asked) => callService(service, 'rotateKey', asked, calls.rotateKey.answer),
    makeCaptureKey: (asked) => callService(service, 'makeCaptureKey', asked, calls.makeCaptureKey.answer),
    captureKeys: (asked) => callService(service, 'captureKeys', asked, calls.captureKeys.answer),
    revokeCaptureKey: (asked) => callService(service, 'revokeCaptureKey', asked, calls.revokeCaptureKey.answer),
    accountContents: (asked) => callService(service, 'accountContents', asked, calls.accountContents.answer, LONG_MS),
    deleteAccount: (asked) => callService(service, 'deleteAccount', asked, calls.deleteAccount.answer, LONG_MS),
    exportPerson: (asked) => callService(service, 'exportPerson', asked, calls.exportPerson.answer, LONG_MS),
    forgetPerson: (asked) => callService(service, 'forgetPerson', asked, calls.forgetPerson.answer, LONG_MS),
    rotateEncryption: (asked) => callService(service, 'rotateEncryption', asked, calls.rotateEncryption.answer),
    audit: (asked) => callService(service, 'audit', { ...asked, after: asked.after?.toString() ?? null }, calls.audit.answer),
    retireKeys: (asked) => callService(service, 'retireKeys', asked, calls.retireKeys.answer),
  };
}
