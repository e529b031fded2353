import { expect, test } from 'vitest';
import { createAccessToken } from '../../../src/teams/auth/access-token.ts';
import { ManualClock } from '../../support/slack/manual-clock.ts';
import { TENANT } from '../../support/teams/activities.ts';
import { startFakeLogin } from '../../support/teams/fake-login.ts';

const APP = '00000000-0000-0000-0000-00000000000c';
const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';

// Beside no other: Microsoft's library looks once in a process where its machine gives tokens.
test('on a virtual machine, the machine is asked at the address that all of Azure has, and a refusal there says what to do', async () => {
  const login = await startFakeLogin();
  const token = createAccessToken(
    { kind: 'managed-identity', appId: APP, tenantId: TENANT, federatedTokenFile: null },
    { clock: new ManualClock(new Date()), send: login.send },
  );
  login.next(
    { kind: 'says', status: 400, json: { error: 'invalid_request', error_description: 'Identity not found' } },
    { kind: 'status', status: 500 },
  );
  expect(await token(SERVICE_URL)).toMatchObject({
    ok: false,
    error: { kind: 'refused', reason: 'invalid_request', remedy: expect.stringContaining('is assigned to the machine') },
  });
  expect(await token(SERVICE_URL)).toEqual({ ok: false, error: { kind: 'away', reason: 'HTTP 500' } });
  expect(await token(SERVICE_URL)).toEqual({ ok: true, value: 'token-1' });
  expect(login.asked).toHaveLength(3);
  expect(login.asked[2]).toMatchObject({
    method: 'GET',
    url: 'http://169.254.169.254/metadata/identity/oauth2/token',
    query: { resource: 'https://api.botframework.com', client_id: APP },
    headers: { metadata: 'true' },
  });
});
