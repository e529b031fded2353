/** Microsoft has separate clouds for governments. Each signs and accepts tokens of its own. */
export type Cloud = 'public' | 'government';

/**
 * The hosts to which Teams may ask us to post
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages, "Service URLs"). GCC uses the tokens of
 * the public cloud, GCC High and DoD those of the government's. A sender that could name another host would receive our token and our
 * figures.
 */
const HOSTS: ReadonlyMap<string, Cloud> = new Map([
  ['smba.trafficmanager.net', 'public'],
  ['smba.infra.gcc.teams.microsoft.com', 'public'],
  ['smba.infra.gov.teams.microsoft.us', 'government'],
  ['smba.infra.dod.teams.microsoft.us', 'government'],
]);

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** For a conversation that has not sent us anything. */
export const USUAL_SERVICE_URL = 'https://smba.trafficmanager.net/teams/';

/** Returns the cloud of a service URL. Null if it is not one of Microsoft's. */
export function cloudOf(serviceUrl: string): Cloud | null {
  const url = URL.canParse(serviceUrl) ? new URL(serviceUrl) : null;
  if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '') return null;
  return HOSTS.get(url.hostname) ?? null;
}

/** Whether calls to a service URL are allowed: without authentication only to an emulator on this machine, with it only to Microsoft. */
export function isAllowed(serviceUrl: string, anonymous: boolean): boolean {
  if (!anonymous) return cloudOf(serviceUrl) !== null;
  return URL.canParse(serviceUrl) && LOOPBACK.includes(new URL(serviceUrl).hostname);
}
