import { onTestFinished } from 'vitest';
import { createHttpServer } from '../../../src/http/server.ts';
import type { Chat } from '../../../src/ports/inbound/chat.ts';
import type { CurrentMessage } from '../../../src/ports/outbound/current-message.ts';
import type { TeamsStore } from '../../../src/ports/stores/teams-store.ts';
import type { TeamsIdentity } from '../../../src/teams/auth/identity.ts';
import { createTeamsAdapter, type TeamsAdapter } from '../../../src/teams/adapter.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { recordedLog, type RecordedLog } from '../slack/recorded-log.ts';
import { TENANT } from './activities.ts';
import { startFakeTeams, type FakeTeams } from './fake-teams.ts';

export type StartedAdapter = {
  readonly adapter: TeamsAdapter;
  readonly teams: FakeTeams;
  readonly log: RecordedLog;
  readonly url: string;
  /** Hands an activity over as Teams does. */
  readonly send: (activity: object, headers?: Readonly<Record<string, string>>) => Promise<Response>;
};

export type AdapterSetup = {
  readonly chat: Chat;
  readonly store?: TeamsStore;
  readonly currentMessage?: CurrentMessage;
  readonly identity?: TeamsIdentity;
  readonly accountOf?: (tenant: string | null) => string | null;
  readonly clock?: Clock;
};

/** A room beside a fake Teams, over HTTP. Both are stopped with the test. */
export async function startTeamsAdapter({
  chat,
  store = emptyStore(),
  currentMessage = async () => null,
  identity = { kind: 'anonymous' },
  accountOf = (tenant) => (tenant === TENANT ? 'default' : null),
  clock = systemClock,
}: AdapterSetup): Promise<StartedAdapter> {
  const teams = await startFakeTeams();
  onTestFinished(teams.close);
  const log = recordedLog();
  const adapter = await createTeamsAdapter({
    identity,
    chat,
    store,
    currentMessage,
    accountOf,
    timeZoneOf: () => 'Europe/Berlin',
    clock,
    log,
  });
  const http = createHttpServer({ log, mounts: [(app) => adapter.mount(app)] });
  const listening = await http.listen({ host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.kind);
  onTestFinished(async () => {
    await Promise.all([adapter.stop(), http.close()]);
  });
  const url = `${listening.value.url}/api/messages`;
  return {
    adapter,
    teams,
    log,
    url,
    send: (activity, headers = {}) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(activity) }),
  };
}

/** A clock that sleeps a twentieth of what is asked of it; `asked` is that, in milliseconds. */
export function quickClock(): Clock & { readonly asked: readonly number[] } {
  const asked: number[] = [];
  return { now: () => new Date(), asked, sleep: (ms, ...signals) => (asked.push(ms), systemClock.sleep(ms / 20, ...signals)) };
}

/** For tests of what does not depend on what is known of conversations. */
export function emptyStore(): TeamsStore {
  const nothing = async () => undefined;
  return {
    conversation: async () => null,
    chatWith: async () => null,
    lastServiceUrl: async () => null,
    claimWelcome: async () => true,
    names: async () => new Map(),
    markUnknown: async () => false,
    takeTurns: async () => 0,
    keep: nothing,
    remove: nothing,
    restore: async () => [],
    rename: nothing,
    rememberName: nothing,
  };
}
