import { expect, test } from 'vitest';
import { possibleDuplicateText } from '../../../src/messages/notices/possible-duplicate.ts';
import { longestText } from '../../../src/messages/forms/limits.ts';
import { callFailureText, problemText, REPORT_BUG, type CallFailure } from '../../../src/messages/platforms/call-failure.ts';
import {
  CHECK_CONNECTION,
  LOOK_UP_CODE,
  missingScopes,
  noSocket,
  notInstalled,
  SLACK_REASONS,
  SLACK_REJECTIONS,
  SLACK_TEMPORARY_ERRORS,
  tokenUnreadable,
} from '../../../src/messages/platforms/slack-errors.ts';
import { installHereText, installText } from '../../../src/messages/platforms/slack-install.ts';
import {
  CHECK_LOGIN_CONNECTION,
  CREDENTIAL_REMEDIES,
  credentialsRejected,
  noToken,
  TEAMS_CONVERSATION_REJECTIONS,
  TEAMS_INSTALLATION_REJECTIONS,
  TEAMS_REASONS,
  TEAMS_REJECTIONS,
  TEAMS_REMOVALS,
  TEAMS_NO_ADDRESS,
  TOKEN_REMEDIES,
} from '../../../src/messages/platforms/teams-errors.ts';
import { belowText } from '../../../src/messages/platforms/teams-toasts.ts';
import { PRINTED_TWICE, TERMINAL_REASONS } from '../../../src/messages/platforms/terminal-reasons.ts';
import { WORKFLOW_REASONS, WORKFLOW_REJECTIONS } from '../../../src/messages/platforms/workflow-errors.ts';
import { plainRichText } from '../../../src/messages/text/plain.ts';

test.each<[CallFailure, string, string]>([
  [
    { kind: 'unreachable', why: 'ECONNREFUSED' },
    'Slack could not be reached (ECONNREFUSED)',
    'The flow could not be reached (ECONNREFUSED)',
  ],
  [
    { kind: 'proxy-needs-credentials', status: 407 },
    'Slack could not be reached (a proxy requires credentials, HTTP 407)',
    'The flow could not be reached (a proxy requires credentials, HTTP 407)',
  ],
  [
    { kind: 'web-page', status: 403 },
    'Slack could not be reached (a web page answered instead, HTTP 403)',
    'The flow could not be reached (a web page answered instead, HTTP 403)',
  ],
  [{ kind: 'no-answer', why: 'TimeoutError' }, 'No answer from Slack (TimeoutError)', 'No answer from the flow (TimeoutError)'],
  [
    { kind: 'unreadable', why: 'TypeError' },
    'The answer from Slack could not be read (TypeError)',
    'The answer from the flow could not be read (TypeError)',
  ],
  [{ kind: 'unreadable' }, 'The answer from Slack could not be read', 'The answer from the flow could not be read'],
  [{ kind: 'not-json' }, 'The answer from Slack is not JSON', 'The answer from the flow is not JSON'],
  [{ kind: 'slow-down', status: 429 }, 'Slack asked to slow down (HTTP 429)', 'The flow asked to slow down (HTTP 429)'],
  [{ kind: 'conflict', status: 412 }, 'Slack asked to try again (HTTP 412)', 'The flow asked to try again (HTTP 412)'],
  [{ kind: 'status', status: 503 }, 'Slack answered HTTP 503', 'The flow answered HTTP 503'],
  [
    { kind: 'unknown-code', details: 'a_new_code' },
    'Slack rejected the message with an unknown error (a_new_code)',
    'The flow rejected the message with an unknown error (a_new_code)',
  ],
])('the failure %j is described for each platform', (failure, slack, flow) => {
  expect([callFailureText('Slack', failure), callFailureText('the flow', failure)]).toEqual([slack, flow]);
});

test.each([
  ['channel_not_found', 'Check the channel ID. If the channel is private, type there: /invite @Creditwatch'],
  ['not_in_channel', 'Type there: /invite @Creditwatch'],
  ['is_archived', 'Unarchive it, or route to another channel.'],
  ['restricted_action', 'Ask an admin of the workspace.'],
  ['user_not_found', 'Check the user ID.'],
  ['messages_tab_disabled', 'Turn on the Messages tab under App Home.'],
  ['invalid_auth', 'Install the app to the workspace again and put its bot token into SLACK_BOT_TOKEN.'],
  ['missing_scope', 'Add the scope under OAuth & Permissions, then install the app to the workspace again.'],
  ['invalid_blocks', 'This is a bug in Creditwatch. Please report it with this line.'],
])("after Slack's %s, the next step is: %s", (code, remedy) => {
  expect(SLACK_REJECTIONS.find(([one]) => one === code)?.[2]).toBe(remedy);
});

test.each([
  ['AADSTS7000222', 'The client secret has expired. Make a new one under'],
  ['AADSTS7000215', 'This is not a client secret of the app. Copy the value of the secret'],
  ['AADSTS700016', 'The organization has no such app.'],
  ['AADSTS90002', 'There is no such organization.'],
  ['AADSTS700027', 'The app registration does not know the certificate, or it has expired.'],
])("after Microsoft's %s, the next step starts with: %s", (code, remedy) => {
  expect(TOKEN_REMEDIES.get(code)).toContain(remedy);
});

const REASONS = [
  ...SLACK_REJECTIONS.map(([, reason]) => reason),
  ...SLACK_TEMPORARY_ERRORS.map(([, reason]) => reason),
  ...Object.values(SLACK_REASONS),
  ...Object.values(TEAMS_REASONS),
  ...Object.values(WORKFLOW_REASONS),
  ...Object.values(TERMINAL_REASONS),
  ...[
    ...TEAMS_CONVERSATION_REJECTIONS.values(),
    ...TEAMS_INSTALLATION_REJECTIONS.values(),
    ...Object.values(TEAMS_REJECTIONS),
    ...Object.values(TEAMS_NO_ADDRESS),
    ...Object.values(WORKFLOW_REJECTIONS),
    missingScopes(['commands', 'chat:write']),
    noSocket('The app token was rejected', null),
    notInstalled('https://credits.example.com/slack/install'),
    tokenUnreadable('https://credits.example.com/slack/install', 'Put the key back.'),
  ].map(({ reason }) => reason),
  credentialsRejected('invalid_client'),
  noToken('HTTP 500'),
];

test('every reason is a sentence without a full stop, because the next step follows it', () => {
  expect(REASONS.filter((reason) => !/^(?:[A-Z]|creditwatch\.yml ).*[^.]$/.test(reason))).toEqual([]);
});

test('every next step is a sentence', () => {
  const remedies = [
    ...SLACK_REJECTIONS.map(([, , remedy]) => remedy),
    ...[
      ...TEAMS_CONVERSATION_REJECTIONS.values(),
      ...TEAMS_INSTALLATION_REJECTIONS.values(),
      ...Object.values(TEAMS_REJECTIONS),
      ...Object.values(TEAMS_NO_ADDRESS),
      ...Object.values(WORKFLOW_REJECTIONS),
      missingScopes(['commands']),
      noSocket('The app token was rejected', null),
    ].map(({ remedy }) => remedy),
    ...TOKEN_REMEDIES.values(),
    ...Object.values(CREDENTIAL_REMEDIES),
    ...Object.values(TEAMS_REMOVALS),
    CHECK_CONNECTION,
    CHECK_LOGIN_CONNECTION,
    LOOK_UP_CODE,
    REPORT_BUG,
  ];
  expect(remedies.filter((remedy) => !/^[A-Z].*(?:[\w)]\.|@Creditwatch)$/.test(remedy))).toEqual([]);
});

test('a message that may have been posted before says so', () => {
  expect(plainRichText(possibleDuplicateText('Slack'), { timeZone: 'UTC', now: new Date() })).toBe(
    'This may be a repeat: Slack did not confirm the first one.',
  );
});

test('a message that the terminal may have printed before says so', () => {
  expect(PRINTED_TWICE).toBe('(This may be a repeat: the first print was interrupted.)');
});

test('a reason and the next step are two sentences', () => {
  expect(problemText(TEAMS_REJECTIONS['message-gone'])).toBe('The message no longer exists. Nothing to do: someone deleted it.');
});

test('a field names its limit', () => {
  expect(longestText('Slack', 3000)).toBe('Slack allows at most 3,000 characters.');
});

test.each([
  ['form', true, 'The form is below.'],
  ['form', false, 'The form is below; only you see it.'],
  ['answer', false, 'The answer is below; only you see it.'],
] as const)('a click in Teams says where the %s is (personal chat: %s)', (what, isPersonal, text) => {
  expect(belowText(what, isPersonal)).toBe(text);
});

test('the page after an installation says what to type next, with the name of the command', () => {
  const { title, lines, again } = installText({ end: 'installed', team: 'T0FAKE', name: 'Acme' }, '/credits');
  expect([title, ...lines.map((line) => plainRichText(line, { timeZone: 'UTC', now: new Date() })), again]).toEqual([
    'Creditwatch is in Acme',
    'Now type in the Slack channel that should get the alerts:',
    '1. /invite @Creditwatch',
    '2. /credits subscribe',
    '/credits alone shows the credits at any time. You can close this page.',
    null,
  ]);
});

test.each(['denied', 'stale', 'organization', 'slack-away', 'slack-refused', 'database-away', 'failed'] as const)(
  'after an installation that ended as %s, nothing was changed and the page starts it again',
  (end) => {
    const { lines, again } = installText({ end }, '/usage');
    expect(plainRichText(lines[0] ?? [], { timeZone: 'UTC', now: new Date() })).toContain('Nothing was changed.');
    expect(again).toBe('Start again');
  },
);

test.each(['other-workspace', 'unnamed'] as const)('the page for a workspace that is not served (%s) says which key to set', (end) => {
  const text = installText({ end, team: 'T0SECOND', name: 'Second' }, '/usage')
    .lines.map((line) => plainRichText(line, { timeZone: 'UTC', now: new Date() }))
    .join(' ');
  expect(text).toMatch(/add T0SECOND to slackTeams/);
});

test('a start tells where the app is installed', () => {
  expect(installHereText('https://example.com/slack/install')).toBe(
    'To install the app in Slack, or again: https://example.com/slack/install',
  );
});
