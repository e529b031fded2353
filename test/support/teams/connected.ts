import { onTestFinished } from 'vitest';
import type { App } from '../app.ts';
import { startFakeTeams, type FakeTeams } from './fake-teams.ts';

/** A fake Teams that closes with the test, and the variables that connect a service to it. */
export async function connectedTeams(): Promise<
  FakeTeams & { readonly env: Record<string, string>; readonly send: (app: App, activity: object) => Promise<Response> }
> {
  const teams = await startFakeTeams();
  onTestFinished(() => teams.close());
  const send = (app: App, activity: object) =>
    fetch(`${app.url}/api/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(activity) });
  return { ...teams, env: { TEAMS_ALLOW_ANONYMOUS: 'true' }, send };
}
