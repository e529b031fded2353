/** What the page says to its opener when it can take a text, and how a message with a text is marked. */
export const READY = 'creditwatch-ready';
export const PAGE = 'page';

/**
 * Returns the bookmarklet as an address. It opens the page of Creditwatch and hands over the visible text and the address of the vendor's
 * page, without query and fragment, to that origin alone. It carries no key.
 *
 * @param address the address of the page of Creditwatch
 * @param popUpBlocked what to say if no window can be opened
 */
export function bookmarklet(address: string, popUpBlocked: string): string {
  const [page, origin, blocked, ready] = [address, new URL(address).origin, popUpBlocked, READY].map((text) => JSON.stringify(text));
  const code = [
    '(()=>{',
    `const o=${origin},u=location.origin+location.pathname,w=open(${page}+"#from="+encodeURIComponent(u));`,
    `if(!w)return alert(${blocked});`,
    `const f=e=>{if(e.source!==w||e.origin!==o||e.data!==${ready})return;`,
    'removeEventListener("message",f);',
    `w.postMessage({creditwatch:"${PAGE}",text:document.body.innerText,url:u},o)};`,
    'addEventListener("message",f)})()',
  ].join('');
  return `javascript:${encodeURIComponent(code)}`;
}
