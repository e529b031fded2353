/** A request that a browser made to a vendor's page, as it was copied or saved. Its parts hold secrets. */
export type BrowserRequest = {
  readonly method: 'GET' | 'POST';
  /** Without a fragment, and without a user name. */
  readonly url: string;
  /** In their order. Names in lower case. A name may occur more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
};

/** The answer to such a request. */
export type BrowserAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string };

/** Returns an address without its fragment, its user name and its password; null if it is not one of the web. */
export function webAddress(
  text: string,
): { readonly url: string; readonly user: { readonly name: string; readonly password: string } | null } | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol)) return null;
  const { username, password } = url;
  const user = username === '' && password === '' ? null : { name: decoded(username), password: decoded(password) };
  url.hash = '';
  url.username = '';
  url.password = '';
  return { url: url.href, user };
}

/** Decodes a part of an address; returns it as it is if it cannot be decoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
