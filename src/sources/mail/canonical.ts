import type { RawMail } from './headers.ts';
import type { CanonicalForm } from './signature.ts';

/** Brings a header into the form that is signed (RFC 6376, section 3.4). */
export function canonicalHeader(raw: string, form: CanonicalForm): string {
  if (form === 'simple') return raw;
  const at = raw.indexOf(':');
  const value = raw
    .slice(at + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ');
  // Only spaces and tabs are white space: a byte such as A0 may be part of a letter.
  return `${trimmedEnd(raw.slice(0, at).replaceAll(/[ \t]+/g, ' ')).toLowerCase()}:${trimmedEnd(value.startsWith(' ') ? value.slice(1) : value)}`;
}

/** Brings a body into the form that is signed (RFC 6376, section 3.4). */
export function canonicalBody(body: string, form: CanonicalForm): string {
  const lines = body.split('\r\n');
  const plain = form === 'relaxed' ? lines.map((line) => trimmedEnd(line.replaceAll(/[ \t]+/g, ' '))) : lines;
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '') end -= 1;
  if (end === 0) return form === 'relaxed' ? '' : '\r\n';
  return `${plain.slice(0, end).join('\r\n')}\r\n`;
}

function trimmedEnd(line: string): string {
  return line.endsWith(' ') ? line.slice(0, -1) : line;
}

const IDENTIFYING = ['from', 'to', 'cc', 'date', 'subject'];

/** What is the same in each copy of a mail, and which nobody can change without breaking its signature. */
export function identityOf(mail: RawMail): string {
  const headers = IDENTIFYING.flatMap((name) => mail.headers.filter((one) => one.name === name));
  return [...headers.map(({ raw }) => canonicalHeader(raw, 'relaxed')), '', canonicalBody(mail.body, 'relaxed')].join('\r\n');
}
