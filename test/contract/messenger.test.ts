import { describeMessenger } from './messenger.ts';
import { slackHarness } from './slack-harness.ts';
import { teamsHarness } from './teams-harness.ts';
import { terminalHarness } from './terminal-harness.ts';
import { workflowHarness } from './workflow-harness.ts';

for (const harness of [slackHarness, teamsHarness, workflowHarness, terminalHarness]) describeMessenger(harness);
