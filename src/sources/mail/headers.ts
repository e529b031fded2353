/** One header as it was sent: `name` in lower case, `raw` with its folds and its name, without the last line break. */
export type Header = { readonly name: string; readonly value: string; readonly raw: string };

/** The head of a mail as bytes in `latin1`. */
export type RawHead = { readonly headers: readonly Header[] };
/** A mail as bytes in `latin1`, with CRLF as line breaks. */
export type RawMail = RawHead & { readonly body: string };

/** More headers than a mail of a vendor has. */
const MOST_HEADERS = 200;
export const MOST_HEADER_BYTES = 128 * 1024;

/**
 * Splits a mail into its headers and its body; null if that is not certain. Bare LF count as CRLF, as mail services pass them on, but
 * headers with both are refused, and a bare CR: another reader may see other headers in them.
 */
export function splitMail(bytes: Uint8Array): RawMail | null {
  const text = Buffer.from(bytes).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text.slice(0, MOST_HEADER_BYTES));
  if (end === null || end.index === 0) return null;
  const head = text.slice(0, end.index);
  const breaks = new Set([...`${head}${end[0]}`.matchAll(/\r?\n/g)].map(([one]) => one));
  if (breaks.size !== 1 || /\r(?!\n)|\0/.test(head)) return null;
  const headers = headersIn(head);
  const body = text.slice(end.index + end[0].length).replaceAll(/\r\n|\r|\n/g, '\r\n');
  return headers && { headers, body };
}

function headersIn(head: string): readonly Header[] | null {
  const headers: { name: string; value: string; raw: string }[] = [];
  for (const line of head.split(/\r?\n/)) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last === undefined) return null;
      last.raw += `\r\n${line}`;
      last.value += ` ${line.trim()}`;
      continue;
    }
    const name = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/.exec(line);
    if (name?.[1] === undefined || headers.length === MOST_HEADERS) return null;
    headers.push({ name: name[1].toLowerCase(), value: line.slice(name[0].length).trim(), raw: line });
  }
  return headers;
}

/** Returns the values of all headers of a name, which is in lower case, from the top. */
export function valuesOf({ headers }: RawHead, name: string): readonly string[] {
  return headers.flatMap((one) => (one.name === name ? [one.value] : []));
}
