import { expect, test } from 'vitest';
import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { slackUser } from '../support/people.ts';
import { startPipeline } from '../support/pipeline.ts';
import { json, startVendor } from '../support/vendor.ts';

test('doctor names the meters whose total nobody tells, until a person states it', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ left: 5, spent: 3 }));
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: acme, kind: http, url: "${vendor.url}/", meters: { credits: { remaining: left }, spend: { used: spent, budget: 9 } } }]\n`;
  const pipeline = await startPipeline(file, new Date().toISOString());
  await pipeline.poll();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl: pipeline.url });
  cli.write('creditwatch.yml', file);
  const line = async () => (await cli.run(['doctor'])).out.split('\n').find((one) => one.includes('Source acme: ')) ?? '';
  expect(await line()).toMatch(/\. The vendor does not report the total: add lastTopUp for credits in /);
  const meter = (await pipeline.store.meters('default')).find((one) => one.meter.key === 'credits')?.meter;
  await pipeline.actions.stateTotal({ account: 'default', on: { meterId: meter?.id ?? '' }, by: slackUser('U0TOM'), total: 9n });
  expect(await line()).not.toContain('The vendor does not report the total');
});
