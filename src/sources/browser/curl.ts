import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../core/result.ts';
import type { CurlProblem } from '../../messages/replies/import-request.ts';
import { webAddress, type BrowserRequest } from './browser-request.ts';
import { argumentsOf, isCurl } from './curl-arguments.ts';

/** Headers and the body of a request for figures are far shorter. */
export const MOST_COMMAND_BYTES = 128 * 1024;
/** A browser writes two for each header. */
const MOST_ARGUMENTS = 1000;

const text = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', multiple: true } as const;

/** What says what is requested: https://curl.se/docs/manpage.html */
const MEANT = {
  url: text,
  request: { ...text, short: 'X' },
  header: { ...text, short: 'H' },
  cookie: { ...text, short: 'b' },
  data: { ...text, short: 'd' },
  'data-ascii': text,
  'data-raw': text,
  'data-binary': text,
  'data-urlencode': text,
  json: text,
  get: { ...flag, short: 'G' },
  head: { ...flag, short: 'I' },
  user: { ...text, short: 'u' },
  'oauth2-bearer': text,
  'user-agent': { ...text, short: 'A' },
  referer: { ...text, short: 'e' },
} as const;

/** About the transfer or its output. They change nothing here; certificates are always checked. */
const IGNORED = {
  compressed: flag,
  insecure: { ...flag, short: 'k' },
  location: { ...flag, short: 'L' },
  silent: { ...flag, short: 's' },
  'show-error': { ...flag, short: 'S' },
  fail: { ...flag, short: 'f' },
  include: { ...flag, short: 'i' },
  verbose: { ...flag, short: 'v' },
  globoff: { ...flag, short: 'g' },
  http2: flag,
  'http1.1': flag,
  'no-buffer': { ...flag, short: 'N' },
  ipv4: { ...flag, short: '4' },
  ipv6: { ...flag, short: '6' },
  output: { ...text, short: 'o' },
  'max-time': { ...text, short: 'm' },
  'connect-timeout': text,
  retry: text,
  'write-out': { ...text, short: 'w' },
} as const;

type Known = keyof typeof MEANT | keyof typeof IGNORED;
const OPTIONS = { ...MEANT, ...IGNORED };

const DATA: ReadonlySet<string> = new Set(['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json']);
/** `@` begins the name of a file in all of these. */
const FROM_FILE: ReadonlySet<string> = new Set(['data', 'data-ascii', 'data-binary', 'json', 'header']);

type Given = { readonly option: Known; readonly value: string };

/** Reads a command that a browser copied as cURL, for a POSIX shell or for the Windows command line. Runs nothing and reads no file. */
export function parseCurl(command: string): Result<BrowserRequest, CurlProblem> {
  if (Buffer.byteLength(command) > MOST_COMMAND_BYTES) return err({ kind: 'too-large', mostKib: MOST_COMMAND_BYTES / 1024 });
  const typed = command.trim().replace(/^[$>] /, '');
  if (typed === '') return err({ kind: 'empty' });
  if (/^(?:\$session|Invoke-(?:WebRequest|RestMethod)\b)/i.test(typed)) return err({ kind: 'power-shell' });
  if (/^(?:await )?fetch\(/.test(typed)) return err({ kind: 'fetch' });
  if (!isCurl(/^\S+/.exec(typed)?.[0] ?? '')) return err({ kind: 'not-curl' });
  const split = argumentsOf(typed);
  if (split === null) return err({ kind: 'not-closed' });
  if (split.isSeveral) return err({ kind: 'several' });
  if (split.arguments.length > MOST_ARGUMENTS) return err({ kind: 'several' });
  const given = optionsIn(split.arguments.slice(1));
  return given.ok ? requestOf(given.value) : given;
}

function optionsIn(args: readonly string[]): Result<readonly Given[], CurlProblem> {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const given: Given[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') given.push({ option: 'url', value: token.value });
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isKnown(name)) return err({ kind: 'unknown-option', option: shownOption(rawName) });
    if (OPTIONS[name].type === 'boolean') given.push({ option: name, value: '' });
    else if (value === undefined) return err({ kind: 'no-value', option: shownOption(rawName) });
    else if (isOfFile(name, value)) return err({ kind: 'file', option: rawName });
    else given.push({ option: name, value });
  }
  return ok(given);
}

function isKnown(name: string): name is Known {
  return Object.hasOwn(OPTIONS, name);
}

function isOfFile(option: Known, value: string): boolean {
  if (option === 'cookie') return !value.includes('=');
  if (option === 'data-urlencode') return /^[^=]*@/.test(value);
  return FROM_FILE.has(option) && value.startsWith('@');
}

/** A word with a digit may be a key that slipped to the wrong place. */
function shownOption(typed: string): string | null {
  return /^--?[a-z][a-z-]{0,24}$/i.test(typed) ? typed : null;
}

function requestOf(given: readonly Given[]): Result<BrowserRequest, CurlProblem> {
  const all = (option: Known) => given.flatMap((one) => (one.option === option ? [one.value] : []));
  const [address, ...more] = all('url');
  if (address === undefined) return err({ kind: 'no-url' });
  if (more.length > 0) return err({ kind: 'two-urls' });
  const read = webAddress(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`);
  if (read === null) return err({ kind: 'bad-url' });
  const data = given.filter(({ option }) => DATA.has(option));
  const isInQuery = all('get').length > 0;
  const method = (
    all('request').at(-1) ?? (all('head').length > 0 ? 'HEAD' : data.length > 0 && !isInQuery ? 'POST' : 'GET')
  ).toUpperCase();
  if (method !== 'GET' && method !== 'POST') return err({ kind: 'method', method: /^[A-Z]{1,10}$/.test(method) ? method : null });
  const body = data.length === 0 ? null : bodyOf(data);
  const url = new URL(read.url);
  if (isInQuery && body !== null) url.search = url.search === '' ? body : `${url.search}&${body}`;
  return ok({
    method,
    url: url.href,
    headers: headersOf(given, { user: read.user, hasBody: body !== null && !isInQuery }),
    body: isInQuery || method === 'GET' ? null : body,
  });
}

function bodyOf(data: readonly Given[]): string {
  const isJson = data.some(({ option }) => option === 'json');
  return data.map(({ option, value }) => (option === 'data-urlencode' ? encoded(value) : value)).join(isJson ? '' : '&');
}

/** `name=value` with the value encoded. Without a name, all of it is the value. */
function encoded(value: string): string {
  const name = /^[^=]*(?==)/.exec(value)?.[0];
  if (name === undefined) return encodeURIComponent(value);
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(value.slice(name.length + 1))}`;
}

type Header = readonly [name: string, value: string];

function headersOf(
  given: readonly Given[],
  { user, hasBody }: { readonly user: { readonly name: string; readonly password: string } | null; readonly hasBody: boolean },
): readonly Header[] {
  const written: Header[] = user === null ? [] : [['authorization', basic(`${user.name}:${user.password}`)]];
  for (const { option, value } of given) {
    if (option === 'header') written.push(...headerIn(value));
    else if (option === 'cookie') written.push(['cookie', value]);
    else if (option === 'user') written.push(['authorization', basic(value)]);
    else if (option === 'oauth2-bearer') written.push(['authorization', `Bearer ${value}`]);
    else if (option === 'user-agent' || option === 'referer') written.push([option, value]);
    else if (option === 'json') written.push(['content-type', 'application/json'], ['accept', 'application/json']);
  }
  const isTyped = written.some(([name]) => name === 'content-type');
  return hasBody && !isTyped ? [...written, ['content-type', 'application/x-www-form-urlencoded']] : written;
}

/** `Name: value`. `Name:` removes a header of curl's own, and `Name;` sends it empty. */
function headerIn(written: string): readonly Header[] {
  const colon = written.indexOf(':');
  const [name, value] = [written.slice(0, colon).trim().toLowerCase(), written.slice(colon + 1).trim()];
  return colon > 0 && value !== '' ? [[name, value]] : [];
}

function basic(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword).toString('base64')}`;
}
