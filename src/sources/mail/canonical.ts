import type { RawHead, RawMail } from './headers.ts';
import type { CanonicalForm } from './signature.ts';

/** Brings a header into the form that is signed (RFC 6376, section 3.4). */
export function canonicalHeader(raw: string, form: CanonicalForm): string {
  if (form === 'simple') return raw;
  const at = raw.indexOf(':');
  const name = relaxed(raw.slice(0, at)).toLowerCase();
  const value = relaxed(raw.slice(at + 1).replaceAll('\r\n', ''));
  return `${name}:${value.startsWith(' ') ? value.slice(1) : value}`;
}

/** Brings a body into the form that is signed (RFC 6376, section 3.4). */
export function canonicalBody(body: string, form: CanonicalForm): string {
  const lines = body.split('\r\n');
  const plain = form === 'relaxed' ? lines.map(relaxed) : lines;
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '') end -= 1;
  if (end === 0) return form === 'relaxed' ? '' : '\r\n';
  return `${plain.slice(0, end).join('\r\n')}\r\n`;
}

/** Makes white space one space, and none at the end. Only spaces and tabs are white space: a byte such as A0 may be part of a letter. */
function relaxed(line: string): string {
  const single = line.replaceAll(/[ \t]+/g, ' ');
  return single.endsWith(' ') ? single.slice(0, -1) : single;
}

const IDENTIFYING = ['from', 'to', 'cc', 'date', 'subject'];

/** What is the same in each copy of a mail, and which nobody can change without breaking its signature. */
export function identityOf(mail: RawMail): string {
  return [identityOfHead(mail), '', canonicalBody(mail.body, 'relaxed')].join('\r\n');
}

/** The part of this that the head has. */
export function identityOfHead({ headers }: RawHead): string {
  const identifying = IDENTIFYING.flatMap((name) => headers.filter((one) => one.name === name));
  return identifying.map(({ raw }) => canonicalHeader(raw, 'relaxed')).join('\r\n');
}
