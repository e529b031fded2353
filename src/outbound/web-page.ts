/** The reason if a captive portal, a proxy or a firewall answers with a web page. */
export const WEB_PAGE = 'a web page answered in its place';

/** Whether a text is HTML or XML. The services that Creditwatch calls answer in JSON or plain text, also with errors. */
export function isWebPage(text: string): boolean {
  return /^[\s\uFEFF]*<[!?a-z]/i.test(text);
}
