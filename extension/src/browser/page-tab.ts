import { hostPattern, pageAddress } from '../core/address.ts';
import type { OpenPage } from '../core/capture-page.ts';
import { numberIn, objectOf, textIn } from '../core/json.ts';
import { MOST_CHARACTERS } from '../core/limits.ts';
import type { Look } from '../core/watch-text.ts';

/** The session's list of tabs that the extension has opened and not closed. */
const OPENED = 'opened';
/** The text of an open tab may be from yesterday. A tab that was loaded longer ago is not read: the page is opened in a new one. */
const FRESH_MS = 5 * 60_000;
/** A page that keeps its tab busy does not answer. */
const LONGEST_LOOK_MS = 5_000;

/**
 * Reads the visible text of the main frame. Runs in the page, apart from the page's own scripts: it uses nothing from outside.
 *
 * @param address the tab must show exactly this page, with its query and fragment, because applications choose by these what they show
 */
function readVisibleText(address: string, mostCharacters: number): unknown {
  const wanted = new URL(address);
  if (location.origin !== wanted.origin) return { kind: 'elsewhere' };
  if (location.href !== wanted.href) return { kind: 'moved', to: location.href };
  const [visit] = performance.getEntriesByType('navigation');
  const status = visit instanceof PerformanceNavigationTiming ? visit.responseStatus : 0;
  if (status >= 500 || status === 429) return { kind: 'error', status };
  const text = document.body?.innerText;
  if (typeof text !== 'string') return { kind: 'loading' };
  if (text.length > mostCharacters) return { kind: 'too-long' };
  return { kind: 'text', text, status, isComplete: document.readyState === 'complete', loadedAt: performance.timeOrigin };
}

async function run(id: number, address: string): Promise<unknown> {
  const reading = chrome.scripting
    .executeScript({ target: { tabId: id, frameIds: [0] }, func: readVisibleText, args: [address, MOST_CHARACTERS] })
    .then(([first]) => first?.result ?? null);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), LONGEST_LOOK_MS));
  return Promise.race([reading, late]);
}

function parseLook(value: unknown): Look {
  const json = objectOf(value);
  const [kind, text] = [json['kind'], textIn(json, 'text')];
  if (kind === 'elsewhere' || kind === 'too-long') return { kind };
  if (kind === 'moved') {
    const to = pageAddress(textIn(json, 'to') ?? '');
    return to === null ? { kind: 'elsewhere' } : { kind, to };
  }
  const status = numberIn(json, 'status');
  if (kind === 'error' && status !== null) return { kind, status };
  return kind === 'text' && text !== null ? { kind, text, isComplete: json['isComplete'] === true, status } : { kind: 'loading' };
}

/**
 * Looks at a tab. If the tab shows another site, its address is hidden from the extension, and no script runs in it. If it shows an
 * error of the browser, it keeps the address, and no script runs either.
 */
async function lookAt(id: number, address: string, isOurs: boolean): Promise<Look> {
  const tab = await chrome.tabs.get(id).catch(() => null);
  if (tab === null) return { kind: 'left' };
  const isHere = tab.url !== undefined && URL.canParse(tab.url) && new URL(tab.url).origin === new URL(address).origin;
  if (!isHere) return tab.status !== 'complete' ? { kind: 'loading' } : { kind: isOurs ? 'elsewhere' : 'left' };
  try {
    const look = parseLook(await run(id, address));
    // The person went on in their own tab.
    return (look.kind === 'elsewhere' || look.kind === 'moved') && !isOurs ? { kind: 'left' } : look;
  } catch {
    return { kind: tab.status === 'complete' ? 'unreachable' : 'loading' };
  }
}

/** Finds a tab that shows exactly this address and was loaded just now. Incognito tabs are not seen. */
async function freshTab(address: string): Promise<number | null> {
  for (const { id, url, discarded } of await chrome.tabs.query({ url: hostPattern(address) })) {
    if (id === undefined || url !== address || discarded === true) continue;
    const seen = await run(id, address).catch(() => null);
    const loadedAt = numberIn(objectOf(seen), 'loadedAt');
    if (loadedAt !== null && Date.now() - loadedAt < FRESH_MS) return id;
  }
  return null;
}

/** Opens the page in a tab in the background, or finds the tab in which the person has just opened it. */
export async function openPage(address: string): Promise<OpenPage | null> {
  const found = await freshTab(address);
  if (found !== null) return { look: () => lookAt(found, address, false), close: async () => undefined };
  const opened = await chrome.tabs.create({ url: address, active: false }).catch(() => null);
  const id = opened?.id;
  if (id === undefined) return null;
  await chrome.storage.session.set({ [OPENED]: [...(await openedTabs()), id] });
  return { look: () => lookAt(id, address, true), close: () => closeTab(id) };
}

async function openedTabs(): Promise<readonly number[]> {
  const ids: unknown = (await chrome.storage.session.get(OPENED))[OPENED];
  return Array.isArray(ids) ? ids.filter((id): id is number => typeof id === 'number') : [];
}

/** Closes a tab that the extension has opened, unless the person is looking at it: to sign in, for example. */
async function closeTab(id: number): Promise<void> {
  await chrome.storage.session.set({ [OPENED]: (await openedTabs()).filter((one) => one !== id) });
  const tab = await chrome.tabs.get(id).catch(() => null);
  if (tab !== null && !tab.active) await chrome.tabs.remove(id).catch(() => undefined);
}

/** Closes the tabs of captures that did not end, because the browser stopped the extension meanwhile. */
export async function closeLeftTabs(): Promise<void> {
  for (const id of await openedTabs()) await closeTab(id);
}
