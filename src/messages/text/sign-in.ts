import { code, richText, when, type RichText } from '../../core/text/rich-text.ts';
import { usagePageOf } from '../../core/vendors/registry.ts';

/** `Sign in at app.example.com`; without the host if the usage page of the source's vendor is unknown. */
export function signInText(source: string): string {
  const page = usagePageOf(source);
  return page === null ? 'Sign in at the vendor' : `Sign in at ${new URL(page).host}`;
}

/**
 * Says how current the figures of a source with a capture key are, and what to do if no page comes. The figures may also have come in
 * another way. Creditwatch does not hear of a browser that is signed out or closed, so the remedy names both.
 *
 * @param at the time of its last figures; null if it has none
 */
export function captureSourceText(source: string, at: Date | null, isStale: boolean): RichText {
  if (at === null)
    return richText`no page was captured yet. Open the pairing link in the browser in which you are signed in at the vendor. A new link: ${code(`npx creditwatch capture ${source}`)}`;
  if (!isStale) return richText`last figures ${when(at)}`;
  return richText`last figures ${when(at)}, no page since. ${signInText(source)} in the browser that captures the usage page. If that is done, see what the extension there reports, and whether the log has "captured page refused"`;
}
