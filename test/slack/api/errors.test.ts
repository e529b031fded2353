import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { rejections, transient } from '../../../src/slack/api/error-codes.ts';
import { classifyFailure } from '../../../src/slack/api/errors.ts';
import { RequestFailed } from '../../../src/outbound/http-client.ts';
import { SLACK_REJECTIONS } from '../../../src/messages/platforms/slack-errors.ts';

function answered(error: string, beside: Record<string, unknown> = {}): webApi.WebAPIPlatformError {
  return new webApi.WebAPIPlatformError({ ok: false, error, response_metadata: {}, ...beside });
}

describe('an answer of Slack that says no', () => {
  it.each([
    ['channel_not_found', 'destination'],
    ['not_in_channel', 'destination'],
    ['is_archived', 'destination'],
    ['restricted_action', 'destination'],
    ['no_permission', 'destination'],
    ['user_not_found', 'destination'],
    ['messages_tab_disabled', 'destination'],
    ['invalid_auth', 'installation'],
    ['account_inactive', 'installation'],
    ['token_revoked', 'installation'],
    ['missing_scope', 'installation'],
    ['invalid_blocks', 'message'],
    ['invalid_arguments', 'message'],
    ['msg_too_long', 'message'],
  ])('%s concerns the %s for good, and has the text of its code', (code, scope) => {
    const [, reason, remedy] = SLACK_REJECTIONS.find(([one]) => one === code) ?? [];
    expect(classifyFailure(answered(code))).toMatchObject({
      outcome: 'rejected',
      scope,
      code,
      remedy,
      reason: `${String(reason)} (${code})`,
    });
  });

  it.each(['channel_not_found', 'not_in_channel', 'no_permission'])('%s names the command that invites the bot', (code) => {
    expect(classifyFailure(answered(code))).toMatchObject({ invite: '/invite @Creditwatch' });
  });

  it.each(['a_code_of_next_year', 'not_a_known_code', 'x'])(
    '%s is no reason to give an alert up: nobody here knows what it means',
    (code) => {
      expect(classifyFailure(answered(code))).toEqual({
        outcome: 'retry',
        reason: expect.stringContaining(`(${code})`),
        unfamiliar: true,
      });
    },
  );

  it('tells a token that is dead from one that lacks something: only of the first what is stored goes in time', () => {
    const removed = (code: string) => 'removed' in classifyFailure(answered(code));
    expect(['invalid_auth', 'token_revoked', 'account_inactive'].map(removed)).toEqual([true, true, true]);
    expect(['missing_scope', 'not_authed', 'accesslimited', 'channel_not_found'].map(removed)).toEqual([false, false, false, false]);
  });

  it('names the scope that is missing', () => {
    expect(classifyFailure(answered('missing_scope', { needed: 'chat:write', provided: 'commands' })).reason).toContain(
      '(missing_scope; needs chat:write)',
    );
  });

  it('says which block Slack could not read', () => {
    expect(
      classifyFailure(
        answered('invalid_blocks', { response_metadata: { messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'] } }),
      ).reason,
    ).toContain('(invalid_blocks; [ERROR] no more than 50 items allowed [json-pointer:/blocks])');
  });

  it.each(['ratelimited', 'rate_limited', 'message_limit_exceeded', 'internal_error', 'service_unavailable', 'team_added_to_org'])(
    '%s passes by itself',
    (code) => {
      expect(classifyFailure(answered(code))).toEqual({ outcome: 'retry', reason: expect.stringContaining(`(${code})`) });
    },
  );

  it('asks for a wait in seconds, which becomes milliseconds', () => {
    expect(classifyFailure(answered('ratelimited', { response_metadata: { retryAfter: 7 } }))).toMatchObject({
      outcome: 'retry',
      afterMs: 7000,
    });
    expect(classifyFailure(new webApi.WebAPIRateLimitedError(7))).toEqual({
      outcome: 'retry',
      reason: expect.stringContaining('HTTP 429'),
      afterMs: 7000,
    });
    expect(classifyFailure(new webApi.WebAPIHTTPError(503, 'Service Unavailable', { 'retry-after': '120' }))).toEqual({
      outcome: 'retry',
      reason: expect.stringContaining('HTTP 503'),
      afterMs: 120_000,
    });
    expect(
      classifyFailure(new webApi.WebAPIHTTPError(503, 'Service Unavailable', { 'retry-after': 'Mon, 23 Nov 2026 08:00:00 GMT' })),
    ).toEqual({ outcome: 'retry', reason: expect.stringContaining('HTTP 503') });
  });

  it.each(['fatal_error', 'request_timeout'])('%s may have posted all the same', (code) => {
    expect(classifyFailure(answered(code))).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining(`(${code})`) });
  });

  it('that is no code but a page is from somebody else, and nobody knows what happened behind it', () => {
    expect(classifyFailure(answered('<html>Sign in to the network</html>'))).toEqual({
      outcome: 'unknown',
      reason: expect.stringContaining('JSON'),
    });
  });

  it('has one meaning for every code', () => {
    expect([...rejections.keys()].filter((code) => transient.has(code))).toEqual([]);
  });
});

describe('a call without an answer', () => {
  it('is repeated when nothing was written, and unknown when something was', () => {
    expect(classifyFailure(new webApi.WebAPIRequestError(new RequestFailed(false, 'ECONNREFUSED')))).toEqual({
      outcome: 'retry',
      reason: expect.stringContaining('(ECONNREFUSED)'),
    });
    expect(classifyFailure(new webApi.WebAPIRequestError(new RequestFailed(true, 'TimeoutError')))).toEqual({
      outcome: 'unknown',
      reason: expect.stringContaining('(TimeoutError)'),
    });
  });

  it.each([
    new TypeError('terminated'),
    new webApi.WebAPIRequestError(new Error('of another fetch')),
    'a string',
    undefined,
    null,
    { code: 'slack_webapi_platform_error' },
  ])('that failed in a way that nobody knows (%s) is unknown', (error) => {
    expect(classifyFailure(error)).toMatchObject({ outcome: 'unknown' });
  });
});
