import { Busboy } from '@fastify/busboy';
import { z } from 'zod';
import { MOST_MAIL_BYTES } from './read-mail.ts';

/** JSON escapes line breaks and quotes, base64 is a third longer, and a form may have other fields. */
export const BODY_LIMIT = 2 * MOST_MAIL_BYTES;

/** The fields in which mail services send the whole mail, with our own first. */
const FIELDS = ['raw', 'email', 'body-mime', 'RawEmail'] as const;
/** More fields than a mail service posts. */
const MOST_FIELDS = 100;
const bodySchema = z.record(z.string(), z.unknown());
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Finds the mail in a JSON body, or in a form that a mail service posts; null if it has none, or two. */
export async function rawMailIn(bytes: Buffer, contentType: string): Promise<Buffer | null> {
  const mails = (await mailsIn(bytes, contentType)).filter((one) => one.length > 0);
  const [only] = mails;
  return only === undefined || mails.length > 1 ? null : only;
}

async function mailsIn(bytes: Buffer, contentType: string): Promise<readonly Buffer[]> {
  if (/^\s*multipart\/form-data\b/i.test(contentType)) return inMultipart(bytes, contentType);
  // curl names a form for whatever it sends, and no form begins like that.
  const isForm =
    /^\s*application\/x-www-form-urlencoded\b/i.test(contentType) && !bytes.subarray(0, 100).toString().trimStart().startsWith('{');
  return isForm ? inForm(bytes.toString('latin1')) : inJson(bytes);
}

function isField(name: string): boolean {
  return FIELDS.some((field) => field === name);
}

function inJson(bytes: Buffer): readonly Buffer[] {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch {
    return [];
  }
  const body = bodySchema.safeParse(json).data;
  return FIELDS.flatMap((field) => {
    const text = body?.[field];
    return typeof text === 'string' ? [Buffer.from(text, 'utf8')] : [];
  });
}

/** Keeps the bytes of the mail, which need not be UTF-8. */
function inForm(text: string): readonly Buffer[] {
  const pairs = text.split('&', MOST_FIELDS + 1);
  if (pairs.length > MOST_FIELDS) return [];
  const decoded = (part: string) =>
    part.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return pairs.flatMap((pair) => {
    const [name = ''] = pair.split('=', 1);
    return isField(decoded(name)) ? [Buffer.from(decoded(pair.slice(name.length + 1)), 'latin1')] : [];
  });
}

/** Each part is read as a file, whatever it says, so that its bytes stay as they are. */
function inMultipart(bytes: Buffer, contentType: string): Promise<readonly Buffer[]> {
  return new Promise((resolve) => {
    const mails: Buffer[][] = [];
    const none = () => resolve([]);
    try {
      const parser = Busboy({
        headers: { 'content-type': contentType },
        isPartAFile: () => true,
        limits: { files: MOST_FIELDS, parts: MOST_FIELDS, fileSize: MOST_MAIL_BYTES + 1, headerPairs: 20, headerSize: 16 * 1024 },
      });
      parser.on('file', (name: string, part) => {
        part.on('error', none);
        if (!isField(name)) return part.resume();
        const chunks: Buffer[] = [];
        mails.push(chunks);
        return part.on('data', (chunk: Buffer) => void chunks.push(chunk));
      });
      parser.on('partsLimit', none);
      parser.on('filesLimit', none);
      parser.on('error', none);
      parser.on('finish', () => resolve(mails.map((chunks) => Buffer.concat(chunks))));
      parser.end(bytes);
    } catch {
      none();
    }
  });
}
