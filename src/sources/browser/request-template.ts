import type { ValuePlace } from '../../messages/replies/proposed-source.ts';
import { decoded, type BrowserRequest } from './browser-request.ts';
import { isAddress, isTokenLike, nameParts, isSecretName } from './secret-text.ts';
import { bodyFor, pairsFor, type Json } from './request-body.ts';
import { headersFor } from './request-headers.ts';
import { createVariables, type MayHold, type Variable, type Variables } from './variables.ts';
import { vendorName } from './vendor-name.ts';

/** A request as creditwatch.yml writes it: with `${NAME}` in place of each secret. */
export type RequestTemplate = {
  /** A short name for the vendor, from its host. */
  readonly vendor: string;
  readonly method: BrowserRequest['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: none. */
  readonly body: Json | null;
  readonly variables: readonly Variable[];
};

/** Returns the values of the variables by name, for a try of the source. */
export function valuesOf({ variables }: Pick<RequestTemplate, 'variables'>): Readonly<Record<string, string>> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

/**
 * Replaces what may be a secret in a request.
 *
 * @param mayHold whether a name of a variable is not in use for something else
 * @param vendor begins the names of the variables; the name of its host by default
 */
export function templateOf(
  request: BrowserRequest,
  mayHold: MayHold,
  vendor: string = vendorName(new URL(request.url).hostname),
): RequestTemplate {
  // The second pass knows all secrets, and so also finds those that have no telling name at their second place.
  return pass(request, { vendor, mayHold, known: pass(request, { vendor, mayHold, known: [] }).variables });
}

function pass(
  request: BrowserRequest,
  { vendor, mayHold, known }: { readonly vendor: string; readonly mayHold: MayHold; readonly known: readonly Variable[] },
): RequestTemplate {
  const variables = createVariables(vendor, mayHold, known);
  const headers = headersFor(request, variables);
  const url = urlFor(new URL(request.url), variables);
  const contentType = request.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const body = request.body === null || request.body === '' ? null : bodyFor(request.body, contentType, variables);
  return { vendor, method: request.method, url, headers, body, variables: variables.all() };
}

function urlFor({ protocol, host, pathname, search }: URL, variables: Variables): string {
  return `${protocol}//${hostFor(host, variables)}${pathFor(pathname, variables)}${queryFor(search, variables)}`;
}

function hostFor(host: string, variables: Variables): string {
  return host
    .split('.')
    .map((label) =>
      isTokenLike(label) ? variables.whole(label, 'host', { in: 'host' }) : variables.literal(label, 'host', { in: 'host' }),
    )
    .join('.');
}

function pathFor(path: string, variables: Variables): string {
  const segments = path.split('/');
  return segments
    .map((segment, index) => {
      const before = segments[index - 1] ?? '';
      const after = before === '' || isTokenLike(before) || isAddress(before) ? null : before;
      const place: ValuePlace = { in: 'path', after };
      const meaning = after === null ? 'id' : isSecretName(after) ? after : `${nameParts(after).join(' ').replace(/s$/, '')} id`;
      const isSecret = isTokenLike(segment) || isAddress(decoded(segment)) || (after !== null && isSecretName(after) && /\d/.test(segment));
      return isSecret
        ? variables.whole(segment, isAddress(decoded(segment)) ? 'user' : meaning, place)
        : variables.literal(segment, meaning, place);
    })
    .join('/');
}

function queryFor(search: string, variables: Variables): string {
  if (search === '') return '';
  const query = search.slice(1);
  return `?${pairsFor(query, variables, (name) => ({ in: 'parameter', name })) ?? variables.whole(query, 'query', { in: 'query' })}`;
}
