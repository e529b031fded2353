import type { Message } from '../../core/text/message.ts';
import { code, richText, strong } from '../../core/text/rich-text.ts';
import { encodePerson, type Person } from '../../core/text/person.ts';
import { sourceName } from '../../core/vendors/recognise.ts';
import { instantText } from './keys.ts';

type Made = {
  readonly key: string;
  readonly name: string;
  readonly link: string;
  readonly sources: readonly string[];
  readonly newSources: readonly string[];
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const SET_ADDRESS = 'set PUBLIC_URL to the https address of Creditwatch, restart it, and make a new key';

/** Says where a pairing link works, if not everywhere. Without `PUBLIC_URL`, it is not known how other machines reach the service. */
function reachText(link: string): string | null {
  const { protocol, hostname } = new URL(link);
  if (LOOPBACK.has(hostname))
    return `The link works only in a browser on the machine that runs Creditwatch. For other machines, ${SET_ADDRESS}.`;
  return protocol === 'https:' ? null : `The extension accepts only https. To use it, ${SET_ADDRESS}. The bookmark works with this link.`;
}

/** Names the sources that a key was made for, and of which nothing is known. */
function newSourcesText(sources: readonly string[]): string | null {
  if (sources.length === 0) return null;
  const are = sources.length === 1 ? 'is a new source' : 'are new sources';
  return `${sources.join(', ')} ${are}: there are no figures yet, no entry in creditwatch.yml, and no known vendor of that name.`;
}

type Mistyped = { readonly source: string; readonly nearest: string };

/** `capture` with a source that looks like a known one, in the terminal. */
export function mistypedSourceText({ source, nearest }: Mistyped): string {
  return `No source is named "${source}". Did you mean ${nearest}? If it is a new one: npx creditwatch capture --new ${source}`;
}

/** The same in chat. */
export function mistypedSource({
  source,
  nearest,
  sources,
  invokedAs,
}: Mistyped & { readonly sources: readonly string[]; readonly invokedAs: string }): Message {
  const meant = sources.map((one) => (one === source ? nearest : one)).join(', ');
  const title = richText`No source is named "${source}". Did you mean ${strong(nearest)}?`;
  return {
    summary: title,
    title,
    lines: [richText`If it is a new one: ${code(`${invokedAs} capture --new ${sources.join(', ')}`)}`],
    buttons: [{ action: 'show', label: `Use ${nearest}`, value: `capture ${meant}`, primary: true }],
  };
}

/** A capture key that was just made, in the terminal. */
export function captureKeyText({ key, name, link, sources, newSources }: Made): string {
  return [
    `Capture key ${name} for ${sources.join(', ')}: ${key}`,
    `Pairing link: ${link}`,
    '  Open it in the browser in which you are signed in at the vendor: it sets up the extension or the bookmark.',
    ...[reachText(link), newSourcesText(newSources)].flatMap((line) => (line === null ? [] : [`  ${line}`])),
    `  Both are secret and shown only now. To revoke them: npx creditwatch capture --revoke ${name}`,
  ].join('\n');
}

/** The same in chat. Only the person who asked sees it. */
export function captureKeyMessage({ key, name, link, sources, newSources }: Made): Message {
  const title = richText`Pairing link for ${sources.map(sourceName).join(', ')}, shown only now:`;
  return {
    summary: title,
    title,
    lines: [
      richText`${code(link)}`,
      richText`Open it in the browser in which you are signed in at the vendor: it sets up the extension or the bookmark.`,
      ...[reachText(link), newSourcesText(newSources)].flatMap((line) => (line === null ? [] : [richText`${line}`])),
      richText`The capture key in it is ${code(key)}. It can only send pages of ${sources.join(', ')}, and reads nothing.`,
      richText`To revoke it: ${code(`npx creditwatch capture --revoke ${name}`)}`,
    ],
  };
}

/** `capture` in chat without a source that can be one. */
export function whichSourceToCapture(invokedAs: string): Message {
  const title = richText`Which source? For example: ${code(`${invokedAs} capture abmatic`)}`;
  return { summary: title, title, lines: [] };
}

/** `capture` before the first start. */
export function notStartedYetText(account: string): string {
  return `${account} is not stored yet. Start Creditwatch once: npx creditwatch start`;
}

/** The same in chat, if the account was deleted meanwhile. */
export function notStartedYet(account: string): Message {
  const title = richText`${notStartedYetText(account)}`;
  return { summary: title, title, lines: [] };
}

/** `capture --revoke` of an unknown name. */
export function noCaptureKeyText(name: string): string {
  return `There is no capture key "${name}". To see all: npx creditwatch capture --list`;
}

/** After `capture --revoke`. */
export function revokedCaptureKeyText(name: string): string {
  return `The capture key ${name} no longer works.`;
}

/** `capture --list` without keys. */
export const NO_CAPTURE_KEYS = 'There are no capture keys.';

/** `capture` without a source and without an option, or with several of them. */
export const CAPTURE_WHAT = 'Name the sources of the new key (npx creditwatch capture abmatic), or use --list or --revoke <name>.';

/** `capture` with a name that no source can have. */
export function badSourceText(source: string): string {
  return `"${source}" cannot be a source: use 1 to 200 characters, without a slash.`;
}

/** A capture key in a list. `by`: who made it, as the audit record shows people; null if that person was forgotten. */
export function listedCaptureKeyText({
  account,
  name,
  sources,
  by,
  madeAt,
  several,
}: {
  readonly account: string;
  readonly name: string;
  readonly sources: readonly string[];
  readonly by: Person | null;
  readonly madeAt: Date;
  readonly several: boolean;
}): string {
  return `${name}${several ? ` of ${account}` : ''} for ${sources.join(', ')}, made ${instantText(madeAt)}${by === null ? '' : ` by ${encodePerson(by)}`}`;
}
