/** Returns the public URL of one of our paths, as far as it is known: `https://credits.example.com/slack/events`. */
export function publicAddress({ publicUrl }: { readonly publicUrl: string | null }, path: string): string {
  return `${publicUrl ?? ''}${path}`;
}
