import type { Proxies } from '../outbound/proxy.ts';
import type { Environment } from './environment.ts';
import type { SettingName } from '../core/setting-names.ts';

/** Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in upper or lower case. Lower case wins, as in curl and most other programs. */
export function readProxies({
  get,
  problem,
}: Pick<Environment<SettingName>, 'get'> & { readonly problem: (where: string, message: string) => void }): Proxies {
  return {
    http: proxy('http_proxy', 'HTTP_PROXY'),
    https: proxy('https_proxy', 'HTTPS_PROXY'),
    no: get('no_proxy') ?? get('NO_PROXY') ?? '',
  };

  function proxy(small: SettingName, capital: SettingName): string | null {
    const [ofSmall, ofCapital] = [get(small), get(capital)];
    const value = ofSmall ?? ofCapital;
    if (value === undefined) return null;
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    if (URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)) return url;
    problem(ofSmall === undefined ? capital : small, 'must be a URL such as http://proxy.example.com:3128');
    return null;
  }
}

/** Returns the notices about proxies, without user names and passwords. */
export function proxyNotices({ http, https, no }: Proxies): readonly string[] {
  const ways = [
    ...(https === null ? [] : [`https through ${new URL(https).host}`]),
    ...(http === null ? [] : [`http through ${new URL(http).host}`]),
  ];
  if (ways.length === 0) return [];
  return [
    `Requests to the outside go ${ways.join(' and ')}${no === '' ? '' : `, except to ${no}`}. The database and Redis are reached without a proxy.`,
  ];
}
