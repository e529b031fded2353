import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';

test('the terminal answers what /usage answers, beside the running service and without it', async () => {
  const dataDir = dataFolder();
  const { url: databaseUrl } = await createDatabase();
  const app = await startApp({ dataDir, databaseUrl });
  await app.push({
    source: 'abmatic',
    readings: [
      { meter: 'campaigns', used: 494_936, total: 1_000_000_000 },
      { meter: 'apollo_contacts', used: 1_000_214, total: 1_000_000 },
    ],
  });
  const terminal = commandLine({ dataDir, databaseUrl });
  const cli = async (...words: string[]): Promise<string> => (await terminal.run(words)).out;
  const [overview, check, alerts] = await Promise.all([cli('usage'), cli('usage', 'check', 'campaigns', '50k'), cli('usage', 'alerts')]);
  expect(overview).toMatch(
    /^Credits: 1 of 2 needs attention · as of \d\d:\d\d\n🔴 Apollo Contacts {2}1,000,214 \/ 1,000,000 credits used · 100%\n/,
  );
  expect(check).toMatch(/^❓ Fits today, 999,505,064 left\. I don't know the reset day\./);
  expect(alerts).toMatch(/^Alerts: 1 open\n🔴 Apollo Contacts is already at 100%\n/);
  expect(overview).toContain(
    'No channel gets alerts yet. Connect a chat platform (README.md) and type /usage subscribe there, or add routes to creditwatch.yml.\n',
  );
  // What a terminal cannot do is not offered there, and what buttons offer elsewhere can be typed.
  expect(await cli('usage', 'help')).not.toContain('subscribe');
  expect(await cli('usage', 'request', 'apollo')).toContain(
    'Higher plan limit: npx creditwatch usage request abmatic/apollo_contacts plan\n',
  );
  expect(await cli('usage', 'request', 'abmatic/apollo_contacts', 'plan')).toContain('Ready to send to');
  await app.stop();
  expect(await cli('usage', 'snooze', 'apollo', 'monday')).toMatch(/Apollo Contacts is snoozed until \d+ \w+ 09:00/);
});

test('an empty terminal says how to get figures there', async () => {
  const { url: databaseUrl } = await createDatabase();
  const { out } = await commandLine({ dataDir: dataFolder(), databaseUrl }).run(['usage']);
  expect(out).toContain(
    "No figures yet.\nFastest: open the vendor's usage page, copy everything into a file, then npx creditwatch import <file>\n",
  );
});
