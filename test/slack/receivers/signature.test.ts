import { describe, expect, it } from 'vitest';
import { checkSignature } from '../../../src/slack/receivers/signature.ts';

// Slack's own example (docs.slack.dev/authentication/verifying-requests-from-slack).
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const EXAMPLE = {
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: Buffer.from(
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  ),
};

describe("Slack's signature", () => {
  it("of Slack's own example is right, and is good for five minutes and a second after it was made", () => {
    expect(checkSignature(SECRET, EXAMPLE, new Date(1_531_420_618_000))).toEqual({
      ok: true,
      signature: EXAMPLE.signature,
      expiresAt: new Date(1_531_420_919_000),
    });
  });

  it.each([
    [300, true],
    [300.001, false],
    [-300, true],
    [-300.001, false],
  ])('at an age of %s s is taken: %s', (age, taken) => {
    expect(checkSignature(SECRET, EXAMPLE, new Date((1_531_420_618 + age) * 1000)).ok).toBe(taken);
  });

  it('in capitals is wrong, for a replay guard would take it for another one', () => {
    const signature = `v0=${EXAMPLE.signature.slice(3).toUpperCase()}`;
    expect(checkSignature(SECRET, { ...EXAMPLE, signature }, new Date(1_531_420_618_000))).toEqual({
      ok: false,
      reason: 'wrong-signature',
    });
  });

  it('is not checked with a timestamp that only looks like a number', () => {
    for (const timestamp of ['1531420618.0', ' 1531420618', '0x5b47a0ca', '-1531420618', '1531420618\n', '']) {
      expect(checkSignature(SECRET, { ...EXAMPLE, timestamp }, new Date(1_531_420_618_000))).toEqual({ ok: false, reason: 'no-timestamp' });
    }
  });
});
