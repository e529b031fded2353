import type { PolledSourceConfig } from './config.ts';
import { hostOf } from '../outbound/host.ts';
import type { AccountFile } from './file-schema.ts';
import type { FileProblem } from './problems.ts';
import type { WithWrittenPeople } from './people.ts';
import { isWithin, type UsedVariable } from './yaml.ts';

/** The parts of a source that may contain keys and tokens. */
const SECRET_PARTS: ReadonlySet<PropertyKey> = new Set(['key', 'values', 'headers', 'url', 'body', 'form', 'basic', 'token', 'requests']);
/** Headers that contain no secrets. */
const PLAIN_HEADERS = new Set(['accept', 'content-type', 'user-agent']);

/**
 * Returns the polled sources of an account, with the values that must never be shown, and the problems of sources that would send such a
 * value over plain HTTP.
 */
export function polledSources(
  { sources }: AccountFile,
  path: readonly PropertyKey[],
  { variables, allowHosts }: { readonly variables: readonly UsedVariable[]; readonly allowHosts: readonly string[] },
): {
  readonly sources: readonly WithWrittenPeople<PolledSourceConfig>[];
  readonly secrets: readonly string[];
  readonly problems: readonly FileProblem[];
} {
  const read: WithWrittenPeople<PolledSourceConfig>[] = [];
  const secrets: string[] = [];
  const problems: FileProblem[] = [];
  for (const [index, source] of sources.entries()) {
    if (source.kind !== 'http') continue;
    const here = [...path, 'sources', index];
    const used = variables.filter((variable) => isWithin(variable.path, here) && SECRET_PARTS.has(variable.path[here.length] ?? ''));
    read.push({ ...source, poll: { ...source.poll, allowHosts, keyVariables: [...new Set(used.map(({ name }) => name))] } });
    const { key, poll } = source;
    const requests = [poll, ...poll.requests, ...(poll.token ? [poll.token] : [])];
    const own = [
      ...used.map(({ value }) => value),
      ...(key === null ? [] : [key]),
      ...(poll.token?.jwt ? [poll.token.jwt.key] : []),
      ...source.passwords,
      ...requests.flatMap((request) => [...secretsIn(request.headers), ...namedSecrets(request)]),
    ];
    secrets.push(...own);
    for (const url of requests.map((request) => new URL(request.url)))
      if (url.protocol === 'http:' && (own.length > 0 || poll.token !== null) && !allowHosts.includes(hostOf(url)))
        problems.push({
          path: [...here, 'url'],
          message: `would send a key without encryption: use https://, or allow this host with allowHosts: ["${hostOf(url)}"]`,
        });
  }
  return { sources: read, secrets, problems };
}

/** Names of parameters and body fields whose values are secrets. */
const SECRET_NAME = /key|token|secret|password|auth|signature/i;

function namedSecrets({ url, body }: Pick<PolledSourceConfig['poll'], 'url' | 'body'>): readonly string[] {
  const fields = [...new URL(url).searchParams, ...fieldsOf(body ?? '')];
  return fields.flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []));
}

/** Returns the text fields of a body: of JSON at any depth, or else of a form. */
function fieldsOf(body: string): readonly (readonly [name: string, value: string])[] {
  try {
    const fields: [string, string][] = [];
    JSON.parse(body, (name, value: unknown) => {
      if (typeof value === 'string') fields.push([name, value]);
      return value;
    });
    return fields;
  } catch {
    return [...new URLSearchParams(body)];
  }
}

/** Returns the value of each header and, for `Bearer x`, also the x. */
function secretsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (PLAIN_HEADERS.has(name)) return [];
    const cookies = name === 'cookie' ? value.split(';').map((cookie) => cookie.slice(cookie.indexOf('=') + 1).trim()) : [];
    return [value, value.split(' ').at(-1) ?? value, ...cookies];
  });
}
