import { describeMessenger } from './messenger.ts';
import { pagerHarness } from '../support/pager/harness.ts';
import { pager } from '../support/pager/platform.ts';
import { slackHarness } from './slack-harness.ts';
import { teamsHarness } from './teams-harness.ts';
import { terminalHarness } from './terminal-harness.ts';
import { workflowHarness } from './workflow-harness.ts';

for (const harness of [slackHarness, teamsHarness, workflowHarness, terminalHarness]) describeMessenger(harness);
// A platform that only the tests have.
describeMessenger(pagerHarness, [pager]);
