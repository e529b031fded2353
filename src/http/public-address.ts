/** A service that listens on these is reached at the loopback address of this machine. Its other addresses are not known. */
const ANY = new Set(['0.0.0.0', '::', '[::]', '']);

/**
 * Returns the URL at which people's browsers reach the service, without a slash at the end: `PUBLIC_URL`, else the address that it
 * listens on. Only `PUBLIC_URL` is sure to work on other machines.
 */
export function serviceAddress(
  { publicUrl, host }: { readonly publicUrl: string | null; readonly host: string },
  port: number | string,
): string {
  if (publicUrl !== null) return publicUrl;
  const reached = ANY.has(host) ? '127.0.0.1' : host;
  return `http://${reached.includes(':') && !reached.startsWith('[') ? `[${reached}]` : reached}:${port}`;
}

/** Returns the public URL of one of our paths, as far as it is known: `https://credits.example.com/slack/events`. */
export function publicAddress({ publicUrl }: { readonly publicUrl: string | null }, path: string): string {
  return `${publicUrl ?? ''}${path}`;
}
