import { z } from 'zod';
import { forgedCodes, unreadCodes } from '../../core/meters/mail.ts';
import type { MailStore } from '../../ports/stores/mail-store.ts';
import type { Database } from './sql/database.ts';

/** Stores the outcomes of mails. */
export function createMailStore(database: Database): MailStore {
  return {
    async known(account, source, digests) {
      const rows = knownRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT digest, outcome IN ('rejected', 'total-missing', 'away') AS "isWaiting", read_at AS "readAt" FROM mail
            WHERE account_id = ${account} AND source_id = ${source} AND digest = ANY(${[...digests]}::text[])`,
        ),
      );
      return new Map(rows.map(({ digest, isWaiting, readAt }) => [digest, { isWaiting, readAt }]));
    },

    async remember(account, source, mails, now) {
      const rows = JSON.stringify(
        mails.map(({ digest, outcome, sentAt, notice = null }) => ({ digest, outcome, sent_at: sentAt, notice })),
      );
      await database.query(
        (queries) => queries.run`
          INSERT INTO mail (account_id, source_id, digest, outcome, sent_at, read_at, notice)
          SELECT DISTINCT ON (digest) source.account_id, source.id, digest, outcome, sent_at, ${now}, notice
          FROM source, jsonb_to_recordset(${rows}::jsonb) AS new(digest text, outcome text, sent_at timestamptz, notice jsonb)
          WHERE source.account_id = ${account} AND source.id = ${source}
          ON CONFLICT (account_id, source_id, digest) DO UPDATE SET outcome = excluded.outcome, read_at = excluded.read_at, notice = excluded.notice`,
      );
    },

    async waiting(since, most) {
      return waitingRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT account_id AS account, source_id AS source, digest, sent_at AS "sentAt", notice FROM mail
            WHERE notice IS NOT NULL AND sent_at >= ${since} ORDER BY read_at LIMIT ${most}`,
        ),
      );
    },

    async forget(before) {
      await database.query((queries) => queries.run`DELETE FROM mail WHERE read_at < ${before}`);
    },

    async failed(account, source, since) {
      return failedRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT outcome AS code, count(*)::int AS count, max(sent_at) AS latest FROM mail
            WHERE account_id = ${account} AND source_id = ${source} AND read_at >= ${since} AND outcome NOT IN ('stored', 'away')
            GROUP BY outcome ORDER BY min(sent_at), outcome`,
        ),
      );
    },
  };
}

const knownRows = z.array(z.object({ digest: z.string(), isWaiting: z.boolean(), readAt: z.date() }));
const waitingRows = z.array(
  z.object({
    account: z.string(),
    source: z.string(),
    digest: z.string(),
    sentAt: z.date(),
    notice: z.object({ eventId: z.string(), reading: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
  }),
);
const failedRows = z.array(z.object({ code: z.enum([...forgedCodes, ...unreadCodes]), count: z.int(), latest: z.date() }));
