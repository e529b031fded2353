import { joinList } from '../../core/text/join-list.ts';
import { richText, type RichText } from '../../core/text/rich-text.ts';

/** Where a value was in a request. `path`: the names that lead to it. */
export type ValuePlace =
  | { readonly in: 'header'; readonly name: string; readonly scheme: string | null }
  | { readonly in: 'cookies' | 'host' | 'body' | 'query' }
  | { readonly in: 'path'; readonly after: string | null }
  | { readonly in: 'parameter' | 'form-field'; readonly name: string }
  | { readonly in: 'body-field'; readonly path: string };

/** Says where a value was, and never the value. */
export function placeText(place: ValuePlace): string {
  switch (place.in) {
    case 'header':
      return place.scheme === null
        ? `the header ${place.name}`
        : `the header ${place.name}, after ${place.scheme}${place.scheme.toLowerCase() === 'basic' ? ' (user:password in Base64)' : ''}`;
    case 'cookies':
      return 'the header cookie, all of it';
    case 'host':
      return 'a part of the host name';
    case 'body':
      return 'the whole body';
    case 'query':
      return 'everything after ? in the address';
    case 'path':
      return place.after === null ? 'a part of the path' : `the part of the path after /${place.after}/`;
    case 'parameter':
      return `the parameter ${place.name} of the address, as it is written there`;
    case 'form-field':
      return `the field ${place.name} of the body, as it is written there`;
    case 'body-field':
      return `the field ${place.path} of the body`;
  }
}

/** The variables that the operator has to set. */
export function variablesText(variables: readonly { readonly name: string; readonly places: readonly ValuePlace[] }[]): string {
  const longest = Math.max(...variables.map(({ name }) => name.length));
  const lines = variables.map(({ name, places }) => `  ${name.padEnd(longest)}  ${joinList(places.map(placeText), 'and')}`);
  return [
    `Set ${variables.length === 1 ? 'this variable' : 'these variables'} in the environment of Creditwatch, with the value from the request:`,
    ...lines,
  ].join('\n');
}

/** The line above the figures that the expressions find. */
export const FOUND: RichText = richText`Found in the answer. Compare the figures with the page:`;

/** The comment above a meter whose figures may mean something else. */
export const DOUBTFUL = 'Compare with the page: the name of a figure does not say for sure what it means.';

/** What the operator should know about a proposed source. */
export type ProposalNote =
  | { readonly kind: 'cookie' | 'no-credential' | 'no-reset' }
  | { readonly kind: 'fixed-dates'; readonly names: readonly string[] }
  | { readonly kind: 'more-figures'; readonly count: number }
  | { readonly kind: 'preset'; readonly name: string };

/** Words a note about a proposed source. */
export function proposalNoteText(note: ProposalNote): string {
  switch (note.kind) {
    case 'cookie':
      return 'A session cookie expires, often within days, and the source then stops. If the vendor has an API key, use its API instead.';
    case 'no-credential':
      return 'The request has no key and no cookie: browsers leave them out of a HAR. Add the header that the vendor needs, or use import --curl.';
    case 'no-reset':
      return 'The answer does not say when the credits reset. Add a period, such as period: { every: month, day: 1 }, or period: { every: none } for prepaid credits.';
    case 'fixed-dates':
      return `The request asks for fixed days (${note.names.join(', ')}), so its figures stay those of these days. Write {{monthStart:date}} or {{today:date}} in their place: docs/sources.md.`;
    case 'more-figures':
      return note.count === 1
        ? 'One more figure of the answer was left out, because it looks less like usage.'
        : `${String(note.count)} more figures of the answer were left out, because they look less like usage.`;
    case 'preset':
      return `There is a preset for this vendor: npx creditwatch add ${note.name}`;
  }
}

/** Other answers of a HAR that look like usage. */
export function otherAnswersText(
  others: readonly { readonly number: number; readonly method: string; readonly address: string; readonly meters: readonly string[] }[],
  more: number,
): string {
  const lines = others.map(
    ({ number, method, address, meters }) => `  --pick ${String(number)}  ${method} ${address}: ${meters.join(', ')}`,
  );
  return [
    'Other answers also look like usage. To use one of them, add its option:',
    ...lines,
    ...(more > 0 ? [`  and ${String(more)} more`] : []),
  ].join('\n');
}

/** The next step after a source was printed. */
export const HOW_TO_ADD = 'Add this to creditwatch.yml, or run the command again with --write.';

/** A source was added to the file. */
export function addedText(id: string, file: string): string {
  return `Added ${id} to ${file}. After the variables are set: npx creditwatch try ${id}`;
}
