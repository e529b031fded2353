import { describe, expect, it, onTestFinished } from 'vitest';
import { observedFetch, RequestFailed, whyOf } from '../../src/outbound/observed-fetch.ts';
import { closedPort, silentPort } from '../support/ports.ts';
import { startFakeSlack } from '../support/slack/fake-slack.ts';

async function failureOf(url: string, init?: RequestInit): Promise<{ written: boolean; why: string }> {
  const error = await observedFetch(url, init).then(() => null, (reason: unknown) => reason);
  if (!(error instanceof RequestFailed)) throw new Error('expected a RequestFailed', { cause: error });
  return { written: error.written, why: error.why };
}

describe('a fetch that failed', () => {
  it('had written its request when the connection was cut after that', async () => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    slack.always('auth.test', { kind: 'drop', accepted: false });
    expect(await failureOf(`${slack.apiUrl}auth.test`, { method: 'POST' })).toEqual({ written: true, why: 'UND_ERR_SOCKET' });
  });

  it('had written nothing when the connection was refused', async () => {
    expect(await failureOf(`http://127.0.0.1:${String(await closedPort())}/`, { method: 'POST' })).toEqual({ written: false, why: 'ECONNREFUSED' });
  });

  it('had written nothing when its time was up before a secure connection stood', async () => {
    const init = { method: 'POST', signal: AbortSignal.timeout(100) };
    expect(await failureOf(`https://127.0.0.1:${String(await silentPort())}/`, init)).toEqual({ written: false, why: 'TimeoutError' });
  });

  it('had written its request when its time was up after that', async () => {
    const init = { method: 'POST', signal: AbortSignal.timeout(100) };
    expect(await failureOf(`http://127.0.0.1:${String(await silentPort())}/`, init)).toEqual({ written: true, why: 'TimeoutError' });
  });

  it('counts as written when nobody announced it, to be on the safe side', async () => {
    // Port 1 is one that fetch refuses by itself.
    expect(await failureOf('http://127.0.0.1:1/', { method: 'POST' })).toEqual({ written: true, why: 'TypeError' });
  });

  it('is told apart from others that run at the same time', async () => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    slack.always('auth.test', { kind: 'drop', accepted: false });
    const [cut, refused] = [`${slack.apiUrl}auth.test`, `http://127.0.0.1:${String(await closedPort())}/`];
    const outcomes = await Promise.all([cut, refused, cut, refused].map((url) => failureOf(url, { method: 'POST' })));
    expect(outcomes.map(({ written }) => written)).toEqual([true, false, true, false]);
  });

  it('says why by a code, never with the address', async () => {
    expect(whyOf(new TypeError('fetch failed', { cause: Object.assign(new Error('connect https://secret'), { code: 'ENOTFOUND' }) }))).toBe('ENOTFOUND');
    expect(whyOf(new TypeError('https://secret is no address'))).toBe('TypeError');
    expect(whyOf('https://secret')).toBe('no reason given');
  });
});
