import PostalMime from 'postal-mime';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { MOST_HEADER_BYTES, type RawMail } from './headers.ts';
import { plainText, visibleText } from './visible-text.ts';

export type MailText = { readonly subject: string; readonly text: string };

const MOST_DEPTH = 8;
const MOST_PARTS = 40;
/** The parser takes some microseconds for each line. A mail of 1 MiB in base64 has 14,000. */
const MOST_LINES = 20_000;
/** In characters. Mail programs cut HTML long before that. */
const MOST_HTML = 256 * 1024;
/** In characters: long enough for a notice, short enough to read it in some milliseconds. */
const MOST_TEXT = 64 * 1024;
const MOST_SUBJECT = 500;

/** What says how the body is read. All of them are signed, if they are there. */
const READ = new Set(['subject', 'mime-version', 'content-type', 'content-transfer-encoding']);

const kept = z.array(z.object({ type: z.literal('text'), value: z.string() })).optional();
const parsed = z.object({ textMap: z.map(z.unknown(), z.object({ plain: kept, html: kept })) });

/** Keeps the text parts as they came. The parser itself would convert each into the other kind, which takes a minute for hostile HTML. */
class MailParts extends PostalMime {
  renderTextContent(): void {
    // Nothing is converted.
  }

  /** The text parts in their order, as plain text and as HTML; alternatives are one part. @throws {z.ZodError} if there is anything else */
  texts(): readonly { readonly plain: string; readonly html: string }[] {
    const joined = (items: z.output<typeof kept> = []) => items.map(({ value }) => value).join('\n');
    return [...parsed.parse(this).textMap.values()].map(({ plain, html }) => ({ plain: joined(plain), html: joined(html) }));
  }
}

/**
 * Reads what the reader of a mail sees: its subject, and of each part the HTML, or the plain text if there is none. Other headers than
 * those that say how the body is read are left out. A longer text is refused, not cut: a figure could be at the cut.
 */
export async function textOf(mail: RawMail): Promise<Result<MailText, 'not-a-mail' | 'too-many-parts' | 'too-long'>> {
  const head = mail.headers.flatMap(({ name, raw }) => (READ.has(name) ? [`${raw}\r\n`] : []));
  if (mail.body.split('\n', MOST_LINES + 2).length > MOST_LINES + 1) return err('too-many-parts');
  const parser = new MailParts({ maxNestingDepth: MOST_DEPTH, maxHeadersSize: MOST_HEADER_BYTES, forceRfc822Attachments: true });
  try {
    const { subject = '', attachments } = await parser.parse(Buffer.from(`${head.join('')}\r\n${mail.body}`, 'latin1'));
    const parts = parser.texts();
    if (attachments.length + parts.length > MOST_PARTS) return err('too-many-parts');
    if (lengthOf(parts.map(({ html }) => html)) > MOST_HTML || lengthOf(parts.map(({ plain }) => plain)) > MOST_HTML)
      return err('too-long');
    const text = parts.map(({ plain, html }) => visibleText(html) || plainText(plain)).join('\n');
    const read = { subject: plainText(subject), text };
    return text.length > MOST_TEXT || read.subject.length > MOST_SUBJECT ? err('too-long') : ok(read);
  } catch {
    return err('not-a-mail');
  }
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
