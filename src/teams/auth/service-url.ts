/** Microsoft runs clouds of their own for government; each signs and accepts tokens of its own. */
export type Cloud = 'public' | 'government';

/**
 * Where Teams may ask us to post (learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages,
 * "Service URLs"): GCC uses the tokens of the public cloud, GCC High and DoD those of the government's. Whoever could name
 * another host would be sent our token and our figures.
 */
const HOSTS: ReadonlyMap<string, Cloud> = new Map([
  ['smba.trafficmanager.net', 'public'],
  ['smba.infra.gcc.teams.microsoft.com', 'public'],
  ['smba.infra.gov.teams.microsoft.us', 'government'],
  ['smba.infra.dod.teams.microsoft.us', 'government'],
]);

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** For a conversation that never wrote to us. */
export const USUAL_SERVICE_URL = 'https://smba.trafficmanager.net/teams/';

/** The cloud of a service URL; null when it is none of Microsoft's. */
export function cloudOf(serviceUrl: string): Cloud | null {
  const url = URL.canParse(serviceUrl) ? new URL(serviceUrl) : null;
  if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '') return null;
  return HOSTS.get(url.hostname) ?? null;
}

/** Without authentication only an emulator on this machine is spoken to, with it only Microsoft. */
export function isAllowed(serviceUrl: string, anonymous: boolean): boolean {
  if (!anonymous) return cloudOf(serviceUrl) !== null;
  return URL.canParse(serviceUrl) && LOOPBACK.includes(new URL(serviceUrl).hostname);
}
