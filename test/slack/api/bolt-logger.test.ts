import { describe, expect, it } from 'vitest';
import { boltLogger } from '../../../src/slack/api/bolt-logger.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

describe("what Slack's libraries say", () => {
  it('is kept one level milder, without addresses and tokens', () => {
    const log = recordedLog();
    const library = boltLogger(log);
    library.warn('http request failed', 'https://hooks.slack.com/commands/T1/2/secret?a=b and xoxb-1-2-secret');
    library.error(new Error('wss://wss-primary.slack.com/link/?ticket=secret'), 'with xapp-1-secret', 7);
    expect(log.lines).toEqual([
      { level: 'debug', message: 'Slack library warning', fields: { detail: 'http request failed [address] and [token]' } },
      { level: 'warn', message: 'Slack library error', fields: { detail: '[address] with [token] 7' } },
    ]);
  });

  it('is cut at 500 characters', () => {
    const log = recordedLog();
    boltLogger(log).error('x'.repeat(100_000));
    expect(log.text().length).toBeLessThan(700);
  });

  it('is not kept at all below a warning: there the libraries print whole payloads', () => {
    const log = recordedLog();
    const library = boltLogger(log);
    library.debug('Received a message on the WebSocket: {"response_url":"secret"}');
    library.info('connected');
    expect(log.lines).toEqual([]);
  });
});
