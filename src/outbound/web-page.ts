/** What is said of a page that a captive portal, a proxy or a firewall answers with in place of the service that was asked. */
export const WEB_PAGE = 'a web page answered in its place';

/** Whether a text is HTML or XML. The services that are asked here answer in JSON or in plain words, also when they refuse. */
export function isWebPage(text: string): boolean {
  return /^[\s\uFEFF]*<[!?a-z]/i.test(text);
}
