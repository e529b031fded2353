import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { HarProblem } from '../../messages/replies/import-request.ts';
import { webAddress, type BrowserAnswer, type BrowserRequest } from './browser-request.ts';

/** A larger file is of a long session. The page of the usage alone makes a small one. */
export const MOST_HAR_BYTES = 100 * 1024 * 1024;
/** As much as a poll reads. */
const MOST_ANSWER_BYTES = 1024 * 1024;

/** A request of a HAR with its JSON answer. */
export type Exchange = { readonly request: BrowserRequest; readonly answer: BrowserAnswer; readonly at: Date | null };

export type Har = {
  readonly exchanges: readonly Exchange[];
  readonly entries: number;
  /** Entries that do not have the form of a HAR. */
  readonly damaged: number;
  /** JSON answers that the browser did not save. */
  readonly unsaved: number;
};

const pair = z.object({ name: z.string(), value: z.string() });
const headers = z.array(pair).catch([]);

/** The parts of http://www.softwareishard.com/blog/har-12-spec that are needed here. Browsers leave out others. */
const entrySchema = z.object({
  startedDateTime: z.string().optional().catch(undefined),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    postData: z
      .object({ mimeType: z.string().catch(''), text: z.string().optional().catch(undefined), params: z.array(pair).catch([]) })
      .nullish()
      .catch(null),
  }),
  response: z.object({
    status: z.number(),
    headers,
    content: z.object({
      mimeType: z.string().catch(''),
      text: z.string().optional().catch(undefined),
      encoding: z.string().optional().catch(undefined),
    }),
  }),
});
type Entry = z.infer<typeof entrySchema>;

const harSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

/** Reads a HAR, also a compressed one, and returns its JSON answers. Reaches no network. */
export function readHar(bytes: Buffer): Result<Har, HarProblem> {
  const inflated = isGzip(bytes) ? inflatedWith(gunzipSync, bytes, MOST_HAR_BYTES) : bytes;
  if (inflated === null) return err({ kind: 'not-inflated' });
  if (inflated.byteLength > MOST_HAR_BYTES) return err({ kind: 'too-large', mostMb: MOST_HAR_BYTES / 1024 / 1024 });
  const text = inflated
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '') return err({ kind: 'empty' });
  const json = parsedJson(text);
  if (json === undefined) return err({ kind: text.startsWith('{') && !text.endsWith('}') ? 'cut-off' : 'not-json' });
  const har = harSchema.safeParse(json);
  if (!har.success) return err({ kind: 'not-har' });
  return exchangesOf(har.data.log.entries);
}

function exchangesOf(entries: readonly unknown[]): Result<Har, HarProblem> {
  if (entries.length === 0) return err({ kind: 'no-entries' });
  const read = entries.map((entry) => entrySchema.safeParse(entry));
  const damaged = read.filter(({ success }) => !success).length;
  if (damaged === entries.length) {
    const [issue] = read[0]?.error?.issues ?? [];
    return err({ kind: 'no-entry-fits', entry: 1, field: issue?.path.map(String).join('.') ?? '' });
  }
  const usable = read.flatMap(({ data }) => (data !== undefined && isJsonAnswer(data) ? [data] : []));
  const exchanges = usable.flatMap((entry) => exchangeOf(entry) ?? []);
  return ok({
    exchanges,
    entries: entries.length,
    damaged,
    unsaved: usable.filter(({ response }) => response.content.text === undefined).length,
  });
}

function isJsonAnswer({ request: { method }, response: { status, content } }: Entry): boolean {
  return (
    (method === 'GET' || method === 'POST') &&
    status >= 200 &&
    status < 300 &&
    (/json/i.test(content.mimeType) || /^\s*[{[]/.test(content.text ?? ''))
  );
}

function exchangeOf({ startedDateTime, request, response }: Entry): Exchange | null {
  const address = webAddress(request.url);
  const text = answerText(response);
  if (address === null || text === null || text.trim() === '') return null;
  const { method, postData } = request;
  const sent = request.headers.map(({ name, value }) => [name.toLowerCase(), value] as const);
  const isTyped = sent.some(([name]) => name === 'content-type');
  const body = method === 'POST' ? (postData?.text ?? formOf(postData?.params ?? [])) : null;
  const at = startedDateTime === undefined ? NaN : Date.parse(startedDateTime);
  return {
    request: {
      method: method === 'POST' ? 'POST' : 'GET',
      url: address.url,
      headers: isTyped || postData == null || postData.mimeType === '' ? sent : [...sent, ['content-type', postData.mimeType]],
      body,
    },
    answer: {
      status: response.status,
      headers: Object.fromEntries(response.headers.map(({ name, value }) => [name.toLowerCase(), value])),
      text,
    },
    at: Number.isNaN(at) ? null : new Date(at),
  };
}

function formOf(params: readonly { readonly name: string; readonly value: string }[]): string | null {
  return params.length === 0 ? null : params.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

/** The body as text. Some tools save it as it came over the line, in Base64 and compressed. Null if it is too large or damaged. */
function answerText({ headers: said, content: { text, encoding } }: Entry['response']): string | null {
  if (text === undefined || text.length > MOST_ANSWER_BYTES * 2) return null;
  if (encoding?.toLowerCase() !== 'base64') return Buffer.byteLength(text) > MOST_ANSWER_BYTES ? null : text;
  const bytes = Buffer.from(text, 'base64');
  const isBrotli = said.some(({ name, value }) => name.toLowerCase() === 'content-encoding' && value.trim().toLowerCase() === 'br');
  const isText = /^\s*[{["\d-]/.test(bytes.subarray(0, 64).toString('utf8'));
  const plain = isGzip(bytes)
    ? inflatedWith(gunzipSync, bytes, MOST_ANSWER_BYTES)
    : isText
      ? bytes
      : inflatedWith(isBrotli ? brotliDecompressSync : inflateSync, bytes, MOST_ANSWER_BYTES);
  return plain === null || plain.byteLength > MOST_ANSWER_BYTES ? null : plain.toString('utf8');
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function inflatedWith(
  inflate: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer,
  bytes: Buffer,
  maxOutputLength: number,
): Buffer | null {
  try {
    return inflate(bytes, { maxOutputLength });
  } catch {
    return null;
  }
}
