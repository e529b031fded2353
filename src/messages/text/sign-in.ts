import { usagePageOf } from '../../core/vendors/registry.ts';

/** `Sign in at app.example.com`; without the host if the usage page of the source's vendor is unknown. */
export function signInText(source: string): string {
  const page = usagePageOf(source);
  return page === null ? 'Sign in at the vendor' : `Sign in at ${new URL(page).host}`;
}
