import { fillPlaceholders, isDatePlaceholder, placeholdersIn } from '../core/meters/placeholder.ts';
import type { EarlierRequest, PollDefinition, RequestSeries, RequestTemplate, TokenRequest } from '../core/meters/poll.ts';
import { constantValues, ORIGIN, renderRequest, type ValueOf } from '../core/meters/render-request.ts';
import type { WrittenRequest, WrittenRequests } from '../core/meters/written-request.ts';

/** A mistake, with its path below the source. `placeholder`: the name of the unknown one that it is about. */
export type SourceProblem = { readonly path: readonly string[]; readonly message: string; readonly placeholder?: string };

/** The requests of a source whose constant placeholders are filled in. */
type PollRequests = Pick<PollDefinition, keyof RequestTemplate | 'answer' | 'acceptStatus' | 'mostBytes' | 'token' | 'requests' | 'series'>;

const MIB = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/**
 * Builds the requests of a source, and finds mistakes in them.
 *
 * @param constants the values of placeholders that never change: the operator's own, and the key
 * @returns `used`: the placeholders in the requests. `passwords`: those of HTTP Basic authentication, which its header hides
 */
export function pollRequests(
  written: WrittenRequests & { readonly url: string },
  constants: Readonly<Record<string, string>>,
): {
  readonly requests: PollRequests;
  readonly problems: readonly SourceProblem[];
  readonly used: ReadonlySet<string>;
  readonly passwords: readonly string[];
} {
  const { answer = 'json', acceptStatus = [], answerMiB = 1, token, requests = {}, items, pages } = written;
  const problems: SourceProblem[] = [];
  const used = new Set<string>();
  const passwords: string[] = [];
  const valueOf = constantValues(constants);
  const known = new Set(Object.keys(constants));
  const accept = answer === 'json' ? 'application/json' : '*/*';

  function built(request: WrittenRequest & { readonly url: string }, path: readonly string[], more: readonly string[]): RequestTemplate {
    const names = new Set([...known, ...more]);
    const template = templateOf(request, accept);
    const { basic } = request;
    const inBasic = Object.values(basic ?? {}).map((text) => ['basic', text] as const);
    for (const [place, text] of [...textsOf(template), ...inBasic]) {
      for (const name of placeholdersIn(text)) {
        used.add(name);
        if (names.has(name) || isDatePlaceholder(name)) continue;
        const nearby = [...names].map((one) => `{{${one}}}`).join(', ');
        const choice = nearby === '' ? 'write it under values' : `write it under values, or use ${nearby}`;
        problems.push({ path: [...path, place], message: `{{${name}}} is not known: ${choice}`, placeholder: name });
      }
      // A body may have such braces of its own.
      if (place !== 'body' && fillPlaceholders(text, () => '').includes('{{'))
        problems.push({
          path: [...path, place],
          message: 'has {{ that begins no placeholder: a placeholder is {{name}}, without spaces in it',
        });
    }
    for (const part of ['user', 'password'] as const)
      for (const name of placeholdersIn(basic?.[part] ?? ''))
        if (!Object.hasOwn(constants, name) && (names.has(name) || isDatePlaceholder(name)))
          problems.push({
            path: [...path, 'basic', part],
            message: `cannot have {{${name}}}, which changes between requests: only {{key}} and values of the source can be in it`,
          });
    problems.push(...requestProblems(request, template).map((problem) => ({ ...problem, path: [...path, ...problem.path] })));
    if (basic !== undefined && basic.password !== '') passwords.push(fillPlaceholders(basic.password, valueOf));
    const filled = renderRequest(basic ? withBasic(template, basic, valueOf) : template, valueOf);
    const hosts = placeholdersIn(ORIGIN.exec(template.url)?.[0] ?? '').flatMap((name) => valueOf(name) ?? []);
    problems.push(...urlProblems(filled.url, hosts).map((message) => ({ path: [...path, 'url'], message })));
    return filled;
  }

  for (const [name, value] of Object.entries(constants))
    if (value.includes('{{'))
      problems.push({ path: name === 'key' ? ['key'] : ['values', name], message: 'must not have {{, which begins a placeholder' });
  const tokenRequest: TokenRequest | null = token === undefined ? null : tokenOf(token);
  if (token !== undefined) known.add('token');
  const earlier = Object.entries(requests).map(([name, { values = {}, ...request }]): EarlierRequest => {
    const template = built(request, ['requests', name], []);
    for (const value of Object.keys(values)) {
      if (known.has(value))
        problems.push({ path: ['requests', name, 'values', value], message: 'is a value already: choose another name' });
      known.add(value);
    }
    return { ...template, name, values };
  });
  if (items !== undefined && pages !== undefined) problems.push({ path: ['pages'], message: 'cannot be together with items' });
  if (items !== undefined && earlier.length === 0)
    problems.push({ path: ['items'], message: 'needs a request before it, under requests, whose answer has the list' });
  const main = built(written, [], [...(items === undefined ? [] : ['item']), ...(pages === undefined ? [] : ['page'])]);
  if (items !== undefined && !textsOf(main).some(([, text]) => placeholdersIn(text).includes('item')))
    problems.push({ path: ['items'], message: 'is not used: write {{item}} where each item goes in the url or the body' });
  const series: RequestSeries | null = items
    ? { kind: 'items', items: items.of, most: items.most }
    : pages
      ? { kind: 'pages', next: pages.next, first: String(pages.first), most: pages.most }
      : null;
  return {
    requests: { ...main, answer, acceptStatus, mostBytes: answerMiB * MIB, token: tokenRequest, requests: earlier, series },
    problems,
    used,
    passwords,
  };

  function tokenOf({ token: found, expiresIn, jwt, ...request }: NonNullable<WrittenRequests['token']>): TokenRequest {
    const template = built(request, ['token'], jwt === undefined ? [] : ['jwt']);
    for (const text of [jwt?.key ?? '', ...Object.values(jwt?.claims ?? {})]) for (const name of placeholdersIn(text)) used.add(name);
    return {
      ...template,
      token: found,
      expiresIn: typeof expiresIn === 'number' ? { constant: expiresIn } : { expression: expiresIn },
      jwt: jwt
        ? {
            ...jwt,
            key: fillPlaceholders(jwt.key, valueOf),
            claims: Object.fromEntries(Object.entries(jwt.claims).map(([name, claim]) => [name, fillPlaceholders(claim, valueOf)])),
          }
        : null,
    };
  }
}

/** Merges headers. Names are case-insensitive, and the second group wins. */
export function overlaid(
  under: Readonly<Record<string, string>>,
  over: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries([...Object.entries(under), ...Object.entries(over)].map(([name, value]) => [name.toLowerCase(), value]));
}

/** RFC 7617. */
function withBasic(template: RequestTemplate, { user, password }: NonNullable<WrittenRequest['basic']>, valueOf: ValueOf): RequestTemplate {
  const pair = `${fillPlaceholders(user, valueOf)}:${fillPlaceholders(password, valueOf)}`;
  return { ...template, headers: { ...template.headers, authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** Finds mistakes that only the values of the operator can cause. */
function urlProblems(url: string, hosts: readonly string[]): readonly string[] {
  const [origin = ''] = ORIGIN.exec(url) ?? [];
  if (placeholdersIn(origin).length > 0) return ['must have its host written out, or as a value under values'];
  if (
    hosts.some((host) => !/^[\w.-]+(?::\d+)?$/.test(host)) ||
    !/^https?:\/\/[\w.-]+(?::\d+)?$|^https?:\/\/\[[\da-f:.]+\](?::\d+)?$/i.test(origin) ||
    !URL.canParse(origin)
  )
    return ['has no host with these values: a host is written like example.my.vendor.com'];
  // A path with one of these would be another path.
  if (
    url
      .split(/[?#]/)[0]
      ?.slice(origin.length)
      .split('/')
      .some((part) => part === '.' || part === '..')
  )
    return ['must not have . or .. in its path'];
  return [];
}

function templateOf({ method, url, headers = {}, body, form }: WrittenRequest & { readonly url: string }, accept: string): RequestTemplate {
  const text = form ? formText(form) : body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const type = text === null ? {} : { 'content-type': form ? FORM : 'application/json' };
  return { method: method ?? (form ? 'POST' : 'GET'), url, body: text, headers: overlaid({ accept, ...type }, headers) };
}

function requestProblems(
  { body, form, basic, headers = {} }: WrittenRequest,
  { method, body: text }: RequestTemplate,
): readonly SourceProblem[] {
  const authorized = Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
  return [
    ...(body !== undefined && form !== undefined ? [{ path: ['form'], message: 'cannot be together with body' }] : []),
    ...(method === 'GET' && text !== null ? [{ path: [form ? 'form' : 'body'], message: 'is not sent with GET: add method: POST' }] : []),
    ...(basic !== undefined && authorized !== undefined
      ? [{ path: ['basic'], message: `is the header ${authorized} already: leave one of them out` }]
      : []),
  ];
}

/** The texts of a request that may have placeholders, with the key that they were written under. */
function textsOf({ url, headers, body }: RequestTemplate): readonly (readonly [place: string, text: string])[] {
  return [
    ['url', url],
    ...Object.values(headers).map((value) => ['headers', value] as const),
    ...(body === null ? [] : [['body', body] as const]),
  ];
}

/** Encodes a form, except for its placeholders, which are encoded when they are filled in. */
function formText(form: Readonly<Record<string, string>>): string {
  const encoded = (text: string) =>
    encodeURIComponent(text).replace(/%7B%7B(?:%20)?([\w%+-]{1,64})(?:%20)?%7D%7D/g, (whole) => decodeURIComponent(whole));
  return Object.entries(form)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encoded(value)}`)
    .join('&');
}
