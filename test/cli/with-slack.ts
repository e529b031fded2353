import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { connectedSlack } from '../support/slack/connected.ts';

export const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

/** A terminal where a Slack is connected and a channel of it is routed. */
export async function withSlack() {
  const slack = await connectedSlack();
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const cli = commandLine({ dataDir, databaseUrl, env: slack.env });
  cli.write('creditwatch.yml', ROUTE);
  return { slack, databaseUrl, dataDir, cli };
}
