/** Returns the URL at which people's browsers reach the service, without a slash at the end: `PUBLIC_URL`, else this machine. */
export function serviceAddress({ publicUrl }: { readonly publicUrl: string | null }, port: number | string): string {
  return publicUrl ?? `http://127.0.0.1:${port}`;
}

/** Returns the public URL of one of our paths, as far as it is known: `https://credits.example.com/slack/events`. */
export function publicAddress({ publicUrl }: { readonly publicUrl: string | null }, path: string): string {
  return `${publicUrl ?? ''}${path}`;
}
