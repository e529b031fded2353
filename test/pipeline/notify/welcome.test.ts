import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createWelcome } from '../../../src/pipeline/notify/welcome.ts';
import type { Welcome } from '../../../src/ports/inbound/welcome.ts';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';
import { recordedLog, type RecordedLog } from '../../support/slack/recorded-log.ts';
import { slackUser } from '../../support/people.ts';

const MONDAY = '2026-11-02T09:00:00Z';
const ADMINS = 'admins: [U0OLGA]\n';
const HERE = { account: 'default', kind: 'slack', team: 'T0FAKE', command: '/usage', readsMessages: false, by: null } as const;

async function started(file: string): Promise<{ pipeline: Pipeline; log: RecordedLog; welcome: Welcome }> {
  const pipeline = await startPipeline(file, MONDAY);
  const log = recordedLog();
  const welcome = createWelcome({
    store: pipeline.store,
    clock: { now: () => pipeline.now(), sleep: () => Promise.resolve() },
    newId: randomUUID,
    wake: () => undefined,
    log,
  });
  return { pipeline, log, welcome };
}

async function said(
  file: string,
  installed: Partial<Parameters<Welcome>[0]> = {},
  prepare: (pipeline: Pipeline) => Promise<unknown> = async () => undefined,
): Promise<string> {
  const { pipeline, welcome } = await started(file);
  await prepare(pipeline);
  await welcome({ ...HERE, ...installed });
  await pipeline.settle();
  return pipeline.messages.findLast(({ address }) => address === 'U0OLGA')?.text ?? '';
}

describe('the first message', () => {
  test('says what it does and reads, the three steps, and how to stop it', async () => {
    expect((await said(ADMINS)).split('\n')).toEqual([
      "I'm Creditwatch. I tell you when bought credits run low and answer /usage. I read no messages.",
      "1 Figures: paste the vendor's usage page with the button below, or connect a source in creditwatch.yml.",
      '2 Alerts: in a channel, /usage subscribe marketing | sales | operations | all',
      '3 Done: alerts at 80% and 100% and before something runs out; a digest on Mondays.',
      "   No digest on Monday means I'm broken. Until step 2, alerts come to you here.",
      'To stop: /usage unsubscribe there, or remove the app.',
    ]);
  });

  test('with the scope to look messages up says which it looks for; the command is named as it is called', async () => {
    expect(await said(ADMINS, { readsMessages: true, command: '/credits' })).toMatch(
      /^I'm Creditwatch\. I tell you when bought credits run low and answer \/credits\. I read channel history only to find my own messages\.\n/,
    );
  });

  test('asks for nothing that creditwatch.yml, or somebody, has done', async () => {
    const routed = `${ADMINS}rules:\n  - { kind: threshold, levels: [50%] }\nroutes:\n  - { slack: C0OPS, operations: true }\n  - { slack: C0SALES, meters: all, digest: { weekday: friday, at: "16:00" } }\n`;
    const text = await said(routed, {}, (pipeline) => pipeline.push([{ meter: 'leads', used: 1, total: 1000 }]));
    expect(text.split('\n').slice(1, 5)).toEqual([
      '1 Figures: already there. /usage shows them.',
      '2 Alerts: creditwatch.yml sets where they go. In another channel: /usage subscribe marketing | sales | operations | all',
      '3 Done: alerts by the rules of creditwatch.yml; a digest on Fridays.',
      "   No digest on Friday means I'm broken. Alerts that no channel gets come to you here.",
    ]);
    expect((await said(`${ADMINS}routes:\n  - { slack: C0SALES, meters: all, digest: false }\n`)).split('\n').slice(3, 5)).toEqual([
      '3 Done: alerts at 80% and 100% and before something runs out.',
      '   Alerts that no channel gets come to you here.',
    ]);
  });

  test('comes once for a workspace, whatever starts at once and again', async () => {
    const { pipeline, welcome } = await started('admins: [U0OLGA, U0MAX]\n');
    await Promise.all([welcome(HERE), welcome(HERE), welcome(HERE)]);
    await pipeline.goTo('2026-11-20T09:00:00Z');
    await welcome(HERE);
    await pipeline.settle();
    expect(pipeline.messages.map(({ address }) => address).sort()).toEqual(['U0MAX', 'U0OLGA']);
    await welcome({ ...HERE, team: 'T0OTHER' });
    await pipeline.settle();
    expect(pipeline.messages).toHaveLength(4);
  });

  test('goes to whoever installed it where no admin is named, and says where alerts are until there is a channel', async () => {
    const { pipeline, log, welcome } = await started('');
    await welcome({ ...HERE, by: slackUser('U0TOM') });
    await pipeline.settle();
    expect(pipeline.messages).toMatchObject([
      {
        address: 'U0TOM',
        text: expect.stringContaining("\n   No digest on Monday means I'm broken. Until step 2, alerts are printed in the terminal.\n"),
      },
    ]);
    expect(log.lines).toEqual([]);
    await welcome({ ...HERE, by: slackUser('U0MAX') });
    await pipeline.settle();
    expect(pipeline.messages).toHaveLength(1);
    const named = await started(ADMINS);
    await named.welcome({ ...HERE, by: slackUser('U0TOM') });
    await named.pipeline.settle();
    expect(named.pipeline.messages.map(({ address }) => address)).toEqual(['U0OLGA']);
  });

  test('waits until somebody is known to get it, and the log says how', async () => {
    const { pipeline, log, welcome } = await started('');
    await welcome(HERE);
    await pipeline.settle();
    expect(pipeline.messages).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'info', message: expect.stringContaining('welcome skipped') }]);
    await pipeline.declare(ADMINS);
    await welcome(HERE);
    await pipeline.settle();
    expect(pipeline.messages.map(({ address }) => address)).toEqual(['U0OLGA']);
  });
});
