import { keepAccess, mayAccess } from './browser/access.ts';
import { closeLeftTabs, openPage } from './browser/page-tab.ts';
import { clearStorage, hideStorage, readDraft, readVendors, writeDraft, writeRunning, writeVendors } from './browser/storage.ts';
import { unattended, untilDone } from './core/in-order.ts';
import { createKeeper } from './core/keeper.ts';
import { parseRequest } from './core/request.ts';
import { sendPage } from './core/send-page.ts';

const ALARM = 'capture';
/** An alarm repeats after this, in case one is lost, or the extension is stopped before it has set the next one. */
const AGAIN_MINUTES = 60;

const keeper = createKeeper({
  clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  localZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  vendors: { read: readVendors, write: writeVendors },
  drafts: { read: readDraft, write: writeDraft },
  showRunning: writeRunning,
  async showNeed(isNeeded) {
    await chrome.action.setBadgeBackgroundColor({ color: '#b3261e' });
    await chrome.action.setBadgeText({ text: isNeeded ? '!' : '' });
  },
  mayAccess,
  keepAccess,
  isOnline: () => navigator.onLine,
  open: openPage,
  send: sendPage,
  async wakeAt(at) {
    if (at === null) await chrome.alarms.clear(ALARM);
    else await chrome.alarms.create(ALARM, { when: at, periodInMinutes: AGAIN_MINUTES });
  },
  forget: clearStorage,
});

/** Nothing runs yet when the browser starts this file, so what an earlier run has left is cleaned up first. */
const ready = untilDone(async () => {
  await hideStorage();
  await closeLeftTabs();
  await writeRunning(null);
});

/** What fails is tried again at the next alarm. The browser shows the error with the extension. */
const captureDue = unattended(
  () => ready().then(() => keeper.captureDue()),
  (error) => console.error('capture failed', error),
);
chrome.runtime.onInstalled.addListener(captureDue);
chrome.runtime.onStartup.addListener(captureDue);
chrome.alarms.onAlarm.addListener(captureDue);

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  // Only the page of the extension may ask, not a script that runs in a page of a vendor.
  const isOurs = sender.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL('')) === true;
  const request = isOurs ? parseRequest(message) : null;
  if (request === null) return false;
  ready()
    .then(() => keeper.act(request))
    .then(
      () => answer(true),
      () => answer(false),
    );
  return true;
});
