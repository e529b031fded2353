import { expect, test } from 'vitest';
import type { IngestReport } from '../../src/ports/inbound/ingest.ts';
import { createMailPoller } from '../../src/sources/mail/poller.ts';
import { runSql } from '../support/database.ts';
import { mailboxOf, startImap } from '../support/imap.ts';
import { plainMail, resolveTxt, RULES, signed } from '../support/mail.ts';
import { startPipeline } from '../support/pipeline.ts';

const NOW = '2026-12-03T14:30:00Z';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, conceal: () => undefined };

async function mailed(meters = 'credits: { label: Credits, unit: credits, total: 10000 }') {
  const imap = await startImap();
  const file = `
sources:
  - id: acme
    kind: mail
    from: [billing@acme.example]
    to: [usage@customer.example]
    imap: { host: 127.0.0.1, port: ${String(imap.port)}, tls: false, user: usage@customer.example, password: "\${MAIL_PASSWORD}" }
    period: { every: month, day: 1 }
    meters: { ${meters} }
routes: [{ slack: C0ALERTS, meters: all, digest: false }, { slack: C0OPERATIONS, operations: true }]
`;
  const pipeline = await startPipeline(file, NOW, { MAIL_PASSWORD: 'mailbox-password-1234' });
  for (const minute of ['01', '02', '03']) {
    const mail = plainMail({
      text: `You have used 8${minute},0 of 10,000 credits.`.replace(',0', '0'),
      date: `Thu, 03 Dec 2026 14:${minute}:00 +0000`,
    });
    imap.deliver({ bytes: await signed(mail), receivedAt: new Date(`2026-12-03T14:${minute}:30Z`) });
  }
  const readings = () => runSql(pipeline.url, 'SELECT used::int FROM reading ORDER BY observed_at');
  return { imap, pipeline, readings };
}
const ALL = [{ used: 8010 }, { used: 8020 }, { used: 8030 }];

test('of two workers one reads the mailbox', async () => {
  const { imap, pipeline, readings } = await mailed();
  await Promise.all([pipeline.poll(), pipeline.poll()]);
  expect(await readings()).toEqual(ALL);
  expect(imap.commands.filter((one) => one.includes('BODY.PEEK[]'))).toHaveLength(3);
});

function workerOf({ imap, pipeline }: Awaited<ReturnType<typeof mailed>>, resolve = resolveTxt) {
  const poller = createMailPoller({
    sources: [{ account: 'default', source: 'acme', timeZone: 'UTC', everyMs: 60_000, rules: RULES, mailbox: mailboxOf(imap) }],
    store: pipeline.store.mails,
    clock: { now: () => pipeline.now(), sleep: () => Promise.resolve() },
    log: silent,
    resolveTxt: resolve,
  });
  return async () => {
    const outcome = await poller.poll('default', 'acme', new AbortController().signal);
    if (outcome?.outcome !== 'mails') throw new Error(outcome?.outcome);
    return outcome;
  };
}

test('two workers that both read the mailbox, because one was taken for dead, count each mail once', async () => {
  const given = await mailed();
  const { pipeline, readings } = given;
  const [one, two] = [workerOf(given), workerOf(given)];
  const both = await Promise.all([one(), two()]);
  const reports = await Promise.all(
    both.map(async ({ mails, settle }) => {
      const all: IngestReport[] = [];
      for (const { eventId, reading } of mails)
        all.push(
          await pipeline.ingest({
            account: 'default',
            source: 'acme',
            via: 'poll',
            eventId,
            arrivedAt: pipeline.now(),
            readings: [reading],
            isNotice: true,
          }),
        );
      expect(await settle(all)).toBeNull();
      return all;
    }),
  );
  const sum = (field: 'accepted' | 'duplicates') => reports.flat().reduce((total, report) => total + report[field], 0);
  expect([sum('accepted'), sum('duplicates')]).toEqual([3, 3]);
  expect(await readings()).toEqual(ALL);
  expect((await one()).mails).toEqual([]);
});

test('while DNS does not answer, it is asked once for all mails, and they wait without being told as failed', async () => {
  const given = await mailed();
  const { pipeline } = given;
  let asked = 0;
  const away = workerOf(given, () => {
    asked += 1;
    return Promise.reject(Object.assign(new Error('queryTxt'), { code: 'ETIMEOUT' }));
  });
  const waiting = await away();
  expect([waiting.mails, asked]).toEqual([[], 1]);
  expect((await waiting.settle([]))?.reason).toContain('DNS');
  expect(await runSql(pipeline.url, 'SELECT outcome FROM mail')).toEqual([{ outcome: 'away' }, { outcome: 'away' }, { outcome: 'away' }]);
  expect(await pipeline.store.mails.failed('default', 'acme', new Date(0))).toEqual([]);
  expect((await workerOf(given)()).mails).toHaveLength(3);
});
