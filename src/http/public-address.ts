/** A path of ours as others reach it, as far as that is known: `https://credits.example.com/slack/events`. */
export function publicAddress({ publicUrl }: { readonly publicUrl: string | null }, path: string): string {
  return `${publicUrl ?? ''}${path}`;
}
