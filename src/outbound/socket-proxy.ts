import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { chosenProxies } from './proxy.ts';

/** For a WebSocket of undici; null where there is no proxy. */
export function socketDispatcher(): Dispatcher | null {
  const { http, https, no } = chosenProxies();
  if (http === null && https === null) return null;
  return new EnvHttpProxyAgent({ httpProxy: http ?? '', httpsProxy: https ?? '', noProxy: no });
}
