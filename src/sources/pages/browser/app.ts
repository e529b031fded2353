import { bookmarklet, PAGE, READY } from './bookmarklet.ts';
import { createCheck } from './check.ts';
import { drawn, element, onClick, safe, say, showOnly } from './elements.ts';
import { onlyInFront } from './in-front.ts';
import { forgetTargets, storedTargets, storeTargets } from './keys.ts';
import { httpsAddress, targetsOfLink, type Target } from './pairing.ts';
import { readTexts } from './texts.ts';

/** How long the page that opened this one may take to send its text. */
const PATIENCE_MS = 4_000;

const textOf = readTexts(element('texts', HTMLScriptElement).textContent);
const check = createCheck(textOf);
/** This page, without what comes after its path. */
const address = location.origin + location.pathname;
/** Only the first text of the window that opened this one is taken, and none after the person went on. */
let isTaken = false;
let waiting = 0;

onClick('copy-link', () => copy('link'));
onClick('copy-bookmarklet', () => copy('code'));
onClick('use-extension', start);
const armPairing = onlyInFront(element('use-page', HTMLButtonElement), () => true);
onClick('use-page', (event) => {
  if (!event.isTrusted) return;
  if (!storeTargets(targetsOfLink(element('link', HTMLInputElement).value))) return say('pair-problem', textOf('noStorage'));
  start();
});
onClick('connect', () => {
  const field = element('typed-link', HTMLInputElement);
  const targets = targetsOfLink(field.value);
  if (targets.length === 0) return say('link-problem', textOf('badLink'));
  pair(field.value.trim(), targets);
  field.value = '';
});
onClick('forget', () => {
  forgetTargets();
  start();
  say('forgotten', textOf('forgotten'));
});
onClick('show', () => {
  const url = httpsAddress(element('url', HTMLInputElement).value.trim());
  if (url === null) return say('paste-problem', textOf('needsHttps'));
  say('paste-problem', '');
  isTaken = true;
  check({ text: element('pasted', HTMLTextAreaElement).value, url, sender: new URL(url).host, isTyped: true }, storedTargets());
});
onClick('back', start);
window.addEventListener('message', receive);
window.addEventListener('hashchange', open);
open();

/** Looks at how the page was opened: by a pairing link, by the bookmarklet, or by itself. */
function open(): void {
  const targets = targetsOfLink(location.hash);
  if (targets.length > 0) return pair(location.href, targets);
  const fields = new URLSearchParams(location.hash.slice(1));
  if (fields.has('key') || (location.hash.length > 1 && !fields.has('from'))) {
    start();
    // Only one of the two is in a section that is shown: which one depends on whether the browser has a key.
    say('damaged-link', textOf('damagedLink'));
    return say('link-problem', textOf('badLink'));
  }
  const from = fields.get('from');
  if (from === null || storedTargets().length === 0) return start();
  withoutFragment();
  element('url', HTMLInputElement).value = httpsAddress(from) ?? '';
  const opener = openerOf();
  if (opener === null) return askToPaste();
  showOnly('waiting');
  waiting = setTimeout(askToPaste, PATIENCE_MS);
  // It says nothing that is secret, and the origin of the opener is not known yet.
  opener.postMessage(READY, '*');
}

/** Shows a pairing link. It stays in the address bar until the person goes on, because the extension reads it there. */
function pair(link: string, targets: readonly Target[]): void {
  showOnly('pair');
  say('pair-problem', '');
  armPairing();
  element('link', HTMLInputElement).value = link;
  listSources('pair-sources', targets);
  const replaced = storedTargets().filter((one) => targets.some(({ source, key }) => source === one.source && key !== one.key));
  say('replaces', replaced.length === 0 ? '' : textOf('replaces', { sources: safe(replaced.map(({ source }) => source).join(', ')) }));
}

/** Shows the bookmarklet, the field to paste into, and the keys; or how to get a key. */
function start(): void {
  clearTimeout(waiting);
  isTaken = true;
  withoutFragment();
  element('link', HTMLInputElement).value = '';
  say('forgotten', '');
  say('cut-off', '');
  say('damaged-link', '');
  say('link-problem', '');
  const targets = storedTargets();
  if (targets.length === 0) return showOnly('no-key');
  showOnly('bookmark', 'paste', 'keys');
  listSources('key-sources', targets);
  const code = bookmarklet(address, textOf('popUpBlocked'));
  element('bookmarklet', HTMLAnchorElement).href = code;
  element('code', HTMLInputElement).value = code;
}

/** The page of the vendor cut the connection, or does not answer. */
function askToPaste(): void {
  clearTimeout(waiting);
  showOnly('paste');
  say('cut-off', textOf('cutOff'));
}

function receive({ source, origin, data }: MessageEvent<unknown>): void {
  const opener = openerOf();
  if (isTaken || waiting === 0 || opener === null || source !== opener) return;
  if (typeof data !== 'object' || data === null || !('creditwatch' in data) || data.creditwatch !== PAGE) return;
  if (!('text' in data) || typeof data.text !== 'string') return;
  isTaken = true;
  clearTimeout(waiting);
  const claimed = 'url' in data && typeof data.url === 'string' ? httpsAddress(data.url) : null;
  // The browser says the origin; the rest of the address is the sender's word.
  const url = claimed !== null && new URL(claimed).origin === origin ? claimed : `${origin}/`;
  check({ text: data.text, url, sender: origin, isTyped: false }, storedTargets());
}

function openerOf(): Window | null {
  const opener: unknown = window.opener;
  return opener === null || opener === undefined ? null : window.opener;
}

function withoutFragment(): void {
  history.replaceState(null, '', address);
}

function listSources(id: string, targets: readonly Target[]): void {
  element(id, HTMLElement).replaceChildren(...targets.map(({ source }) => drawn('li', source)));
}

function copy(id: string): void {
  const field = element(id, HTMLInputElement);
  field.select();
  // Without https there is no clipboard; the selected text can be copied by hand.
  void navigator.clipboard?.writeText(field.value).then(() => say(`${id}-copied`, textOf('copied')));
}
