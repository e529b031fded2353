import { isDomain } from '../../core/text/domain.ts';

/** One header as it was sent: `name` in lower case, `raw` with its folds and its name, without the last line break. */
export type Header = { readonly name: string; readonly value: string; readonly raw: string };

/** A mail as bytes in `latin1`, with CRLF as line breaks. */
export type RawMail = { readonly headers: readonly Header[]; readonly body: string };

/** More headers than a mail of a vendor has. */
const MOST_HEADERS = 200;

/** Splits a mail into its headers and its body; null if that is not certain. Bare line breaks count as CRLF, as mail services pass them on. */
export function splitMail(bytes: Uint8Array): RawMail | null {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/\r\n|\r|\n/g, '\r\n');
  const end = text.indexOf('\r\n\r\n');
  if (end <= 0) return null;
  const headers: { name: string; value: string; raw: string }[] = [];
  for (const line of text.slice(0, end).split('\r\n')) {
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
  return { headers, body: text.slice(end + 4) };
}

/** Returns the values of all headers of a name, which is in lower case, from the top. */
export function valuesOf({ headers }: RawMail, name: string): readonly string[] {
  return headers.flatMap((one) => (one.name === name ? [one.value] : []));
}

const IN_BRACKETS = /^[^<>@,;:()]*<([^\s<>@,;:()"\\]{1,64})@([A-Za-z0-9.-]{1,253})>$/;
const BARE = /^([^\s<>@,;:()"\\]{1,64})@([A-Za-z0-9.-]{1,253})$/;

/** Reads the one address of a `From` header, in lower case; null if there may be several, or if it can be read in two ways. */
export function senderIn(value: string): { readonly address: string; readonly domain: string } | null {
  // A quoted display name may hold anything, another address too. It counts for nothing.
  const plain = value.replaceAll(/"(?:[^"\\]|\\.){0,200}"/g, '').trim();
  if (value.length > 1_000 || plain.includes('"')) return null;
  const [, local, host] = IN_BRACKETS.exec(plain) ?? BARE.exec(plain) ?? [];
  if (local === undefined || host === undefined || !isDomain(host)) return null;
  return { address: `${local}@${host}`.toLowerCase(), domain: host.toLowerCase() };
}

/** Whether the domain of a signature speaks for a sender: it is the sender's, a parent of it, or a named subdomain. */
export function isAligned(signer: string, sender: string, signedBy: readonly string[]): boolean {
  if (!isDomain(signer)) return false;
  if (sender === signer || sender.endsWith(`.${signer}`)) return true;
  return signer.endsWith(`.${sender}`) && signedBy.includes(signer);
}
