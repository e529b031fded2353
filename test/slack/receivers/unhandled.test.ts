import { describe, expect, it } from 'vitest';
import { signedSlackRequest } from '../../support/signed-slack-request.ts';
import { SIGNING_SECRET, startAdapter } from '../../support/slack/adapter.ts';

const event = (type: string) => ({ type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event_time: 1, event: { type, channel: 'C1' } });

/** What Slack sends, with the type that the log names and what Slack wants to hear. */
const SENT: readonly (readonly [string, object, unknown?])[] = [
  ['app_rate_limited', { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1_518_467_820, api_app_id: 'A1' }],
  ['shortcut', { type: 'shortcut', callback_id: 'global', trigger_id: '1', user: { id: 'U1' }, team: { id: 'T1' } }],
  [
    'message_action',
    { type: 'message_action', callback_id: 'm', trigger_id: '1', user: { id: 'U1' }, team: { id: 'T1' }, channel: { id: 'C1' } },
  ],
  ['view_closed', { type: 'view_closed', team: { id: 'T1' }, user: { id: 'U1' }, view: { callback_id: 'form' }, is_cleared: false }],
  [
    'block_suggestion',
    { type: 'block_suggestion', team: { id: 'T1' }, user: { id: 'U1' }, action_id: 'a', block_id: 'b', value: '' },
    { options: [] },
  ],
  ['workflow_step_edit', { type: 'workflow_step_edit', callback_id: 'w', workflow_step: {}, user: { id: 'U1' }, team: { id: 'T1' } }],
  ['dialog_cancellation', { type: 'dialog_cancellation', callback_id: 'd', user: { id: 'U1' }, team: { id: 'T1' } }],
  ['dialog_submission', { type: 'dialog_submission', callback_id: 'd', submission: {}, user: { id: 'U1' }, team: { id: 'T1' } }],
  ['a_type_of_next_year', { type: 'a_type_of_next_year', nothing: 'that is known' }],
  ...['function_executed', 'workflow_step_execute', 'app_home_opened', 'message', 'team_join', 'an_event_of_next_year'].map(
    (type) => [type, event(type)] as const,
  ),
];

describe.each(['http', 'socket'] as const)('what Slack sends over %s and nothing is done about', (transport) => {
  it('is acknowledged, with one line in the log that names its type', async () => {
    const { interact, log } = await startAdapter(transport);
    for (const [type, payload, wanted] of SENT) {
      const before = log.lines.length;
      const { said } = await interact({ ...payload });
      expect([type, said]).toEqual([type, wanted]);
      expect(log.lines.slice(before).filter(({ level }) => level !== 'debug')).toMatchObject([
        { level: type === 'app_rate_limited' ? 'warn' : 'info', fields: { type } },
      ]);
    }
  }, 30_000);
});

it('events come as JSON over HTTP, and are answered 200 all the same', async () => {
  const { eventsUrl, clock, log } = await startAdapter('http');
  for (const [type, payload] of SENT) {
    const body = JSON.stringify(payload);
    const response = await fetch(eventsUrl, signedSlackRequest(SIGNING_SECRET, body, { at: clock.now(), contentType: 'application/json' }));
    expect([type, response.status]).toEqual([type, 200]);
    expect(log.lines.at(-1)).toMatchObject({ fields: { type } });
  }
});

it('an envelope of Socket Mode that nobody knows is acknowledged too, empty or not', async () => {
  const { slack, log } = await startAdapter('socket');
  for (const [type, more] of [
    ['an_envelope_of_next_year', {}],
    ['another_one', { payload: { nothing: 'that is known' } }],
  ] as const) {
    const id = slack.socket.send({ type, accepts_response_payload: false, ...more });
    await slack.socket.acks.next(({ envelopeId }) => envelopeId === id);
    expect(log.lines.at(-1)).toMatchObject({ level: 'info', fields: { type } });
  }
});
