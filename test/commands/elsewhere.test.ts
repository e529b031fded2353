import { expect, test } from 'vitest';
import { elsewhere } from '../../src/commands/elsewhere.ts';
import { requesterOf } from '../../src/slack/listeners/requester.ts';

/** Somebody in #ops, as Slack's slash command tells of the channel. */
const inOps = requesterOf(
  { account: 'default', user: 'U0TOM', channel: 'C0123', invokedAs: '/usage', isGroupMessage: false, channelName: 'ops' },
  async () => 'undisclosed',
);

test.each([
  ['all #ops', 'all'],
  ['all #OPS', 'all'],
  ['all in #ops', 'all'],
  ['all <#C0123|ops>', 'all'],
  ['all <#C0123>', 'all'],
  ['all <#c0123|ops>', 'all'],
  ['#ops', ''],
  ['all here', 'all'],
  ['all in this channel', 'all'],
  ['all', 'all'],
])('in #ops, %j is for here', (typed, rest) => {
  expect(elsewhere('subscribe', typed, inOps)).toEqual({ rest });
});

test.each(['all #sales', 'all #ops-alerts', 'all <#C0999|ops>', 'all #op'])('in #ops, %j is for another channel', (typed) => {
  expect(elsewhere('subscribe', typed, inOps)).toHaveProperty('refusal');
});

test('a channel whose name Slack does not say is known by its id alone', () => {
  const { placeName: _, ...unnamed } = inOps;
  expect(elsewhere('subscribe', 'all #ops', unnamed)).toHaveProperty('refusal');
  expect(elsewhere('subscribe', 'all <#C0123|ops>', unnamed)).toEqual({ rest: 'all' });
});
