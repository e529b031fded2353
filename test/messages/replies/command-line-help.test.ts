import { expect, test } from 'vitest';
import { commandLineHelp, examplesText } from '../../../src/messages/replies/command-line-help.ts';

test('the help names the platforms that can be connected', () => {
  const help = commandLineHelp('Slack or Teams');
  expect(help.common.program).toBe('Tells you in Slack or Teams when bought credits run low, and answers /usage.');
  expect(help.person.id).toBe('the id in Slack or Teams, or a login name of this machine');
});

test('an example that starts differently is shown as it is', () => {
  expect(examplesText(['backup -', 'pbpaste | npx creditwatch import -'])).toBe(
    '\nExamples:\n  npx creditwatch backup -\n  pbpaste | npx creditwatch import -',
  );
});
