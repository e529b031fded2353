/** All texts that people read in the extension, except the name and the description in manifest.json. */
import type { Outcome, Stored } from './core/answer.ts';
import { MOST_LINES } from './core/limits.ts';
import type { PairingProblem } from './core/pairing.ts';
import type { Interval, Schedule } from './core/schedule.ts';
import { isRetried, type Vendor } from './core/vendor.ts';

export const TITLE = 'Creditwatch capture';
export const INTRODUCTION =
  'Reads the usage page of a vendor in this browser, where you are signed in, and sends its visible text to Creditwatch.';

export const CONNECT_TITLE = 'Connect';
export const CONNECT_MORE = 'Connect another source';
export const CONNECT_HOW =
  'Make a pairing link: an admin types /usage capture abmatic in Slack or Teams, or runs npx creditwatch capture abmatic, with the name of your source. Open the link. Then click the icon of this extension, or paste the link here.';
export const PAIRING_LINK = 'Pairing link';
export const SHOW_LINK = 'Show what is in it';
export const CONNECT = 'Connect';
export const NOT_NOW = 'Not now';

/** Asked about a pairing link that is open in the browser, above what is in it. */
export const CONNECT_QUESTION = "Connect only if this is your company's Creditwatch. You see each text before it is first sent.";
export const PAGE_OPEN = 'you type its address next';

/** How a person makes a pairing link: in chat, or on the command line. */
const NEW_LINK = 'make a new one: /usage capture in Slack or Teams, or npx creditwatch capture';

const PAIRING_PROBLEMS: Readonly<Record<PairingProblem, string>> = {
  'not-a-link': 'This is not a pairing link. It has /capture#key= in it. Copy the whole link.',
  'unsafe-address': 'The link must begin with https. Only a Creditwatch on this computer (127.0.0.1 or localhost) can use http.',
  'bad-key': `The key in the link is damaged. Copy the whole link, or ${NEW_LINK}.`,
  'bad-source': `The sources in the link are damaged. Copy the whole link, or ${NEW_LINK}.`,
  'bad-page': `A usage page in the link is not an https address. Copy the whole link, or ${NEW_LINK}.`,
  'bad-time': `The time in the link is damaged. Copy the whole link, or ${NEW_LINK}.`,
};

/** What is wrong with a pairing link, and what to do. */
export function pairingProblemText(problem: PairingProblem): string {
  return PAIRING_PROBLEMS[problem];
}

export const PAGE_ADDRESS = 'Address of the usage page';
export const PAGE_HINT = 'Open the page that shows your credits, and copy its address from the address bar.';
export const SAVE_PAGE = 'Save and allow access';
export const BAD_PAGE = 'The address must begin with https://, and have no user name in it.';
export const OTHER_PAGE = 'Change the page';

export const NEEDS_ACCESS = 'The browser has not yet allowed access to the page and to Creditwatch.';
export const ALLOW = 'Allow access';
export const TO_SHOW = 'Nothing has been sent yet. First see what will be sent.';
export const SHOW = 'Show what will be sent';
export const RUNNING = 'Reading the page in a background tab. This takes up to 30 seconds.';
export const FAILED = 'The extension could not do this. Reload it on the page for extensions, then try again.';

export const TO_APPROVE = 'This will be sent, and nothing else:';
export const READ_AGAIN = 'Read the page again';
export const SENT_FIELDS = { to: 'To', source: 'Source', url: 'Page', capturedAt: 'Read at', text: 'Text' } as const;

/** The button that approves a text: it names how often the page is sent from then on. */
export function approveLabel(schedule: Schedule): string {
  return `Send now, then ${everyText(schedule)}`;
}

export const CAPTURE_NOW = 'Capture now';
export const PAUSE = 'Pause';
export const RESUME = 'Resume';
export const REMOVE = 'Remove';
export const OPEN_PAGE = 'Open the page';
export const USE_ADDRESS = 'Use this address';
export const EVERY = 'How often';
export const PAUSED = 'Paused. Nothing is read or sent.';

export const STOP_TITLE = 'How to stop';
export const STOP_HOW =
  'Pause or remove a vendor above, or remove the extension from the browser. An admin can revoke the key in Creditwatch at any time.';
export const FORGET = 'Forget everything';
export const FORGET_SURE = 'Delete the key, all vendors and all access?';
export const FORGET_YES = 'Yes, delete';
export const CANCEL = 'Cancel';

const EVERY_LABELS: Readonly<Record<Interval, string>> = {
  daily: 'every day',
  '12h': 'every 12 hours',
  '6h': 'every 6 hours',
  '6d': 'about weekly (every 6 days)',
};

/** How often a page is captured, to choose from. */
export function intervalLabel(every: Interval): string {
  return EVERY_LABELS[every];
}

function everyText({ every, at, zone }: Schedule): string {
  const from = every === '12h' || every === '6h' ? 'from' : 'at';
  return `${EVERY_LABELS[every]} ${from} ${at} (${zone})`;
}

/** When the page is captured next. */
export function nextText(vendor: Vendor, now: number): string {
  if (vendor.dueAt === null) return '';
  const isRetry = vendor.failures > 0;
  return `${isRetry ? 'Next attempt' : 'Next'}: ${whenText(vendor.dueAt, now)}. Runs ${everyText(vendor)}, while the browser is open.`;
}

/** What became of the last capture, and what to do; empty if there was none. */
export function lastText({ last, storedAt, page, isApproved }: Vendor, now: number): string {
  if (last === null) return '';
  const { at, outcome } = last;
  if (outcome.kind === 'to-approve') return '';
  if (outcome.kind === 'stored') return `Stored ${whenText(at, now)}: ${storedText(outcome)}`;
  const host = page === null ? '' : new URL(page).hostname;
  const retried = isRetried(outcome) ? ' It tries again by itself.' : '';
  const before = storedAt === null ? 'Nothing has been stored yet.' : `Last stored ${whenText(storedAt, now)}.`;
  return `${capitalized(whenText(at, now))}: ${failureText(outcome, { host, again: isApproved ? CAPTURE_NOW : SHOW })}${retried} ${before}`;
}

type Failure = Exclude<Outcome, { kind: 'stored' | 'to-approve' }>;

function storedText({ meters, unread, rejected, isOlder }: Stored): string {
  const parts = [`${count(meters, 'meter')}.`];
  if (isOlder) parts.push('Creditwatch already has newer figures, so nothing changed.');
  if (unread > 0) parts.push(`${count(unread, 'line')} with a figure could not be read.`);
  if (rejected > 0) parts.push(`${count(rejected, 'figure')} could not be stored: check the page.`);
  return parts.join(' ');
}

/** Above the first lines that Creditwatch could not use. */
export function linesTitle({ unread, rejected, lines }: Stored): string {
  const all = unread + rejected;
  return all > lines.length ? `Show the first ${String(lines.length)} of ${count(all, 'line')}` : `Show ${all === 1 ? 'it' : 'them'}`;
}

/** The longest address that is shown whole. */
const LONGEST_ADDRESS = 200;

/** @param again the label of the button that reads the page again */
function failureText(outcome: Failure, { host, again }: { readonly host: string; readonly again: string }): string {
  switch (outcome.kind) {
    case 'signed-out':
      return `You are signed out of ${host}. Open the page, sign in, then click "${again}".`;
    case 'moved':
      return `Instead of the usage page, ${shortened(outcome.to)} opened. Nothing of it was sent. If it asks you to sign in, open it, sign in, then click "${again}". If the usage page has moved there, click "${USE_ADDRESS}": you see what is on it before it is sent.`;
    case 'fewer-meters':
      return `The page lacks ${outcome.missing === 0 ? 'meters' : count(outcome.missing, 'meter')} that it had the last time. To see which, compare it with /usage in Slack or Teams, or npx creditwatch usage. If the vendor removed them, paste the page once: /usage import in Slack or Teams, or npx creditwatch import.`;
    case 'no-figures':
      return `No figures were found on the page. Check that the address is that of the usage page.${quoted(outcome.said)}`;
    case 'unusable':
      return `Creditwatch could not use the page.${quoted(outcome.said)}`;
    case 'too-long':
      return `The page is too long: at most ${MOST_LINES.toLocaleString('en')} lines and 1 MiB are read. Use the address of a page with the usage only.`;
    case 'key-revoked':
      return `The key was revoked, so the extension stopped. To connect again with a pairing link, ${NEW_LINK}.`;
    case 'other-source':
      return `The key is not for this source, so the extension stopped. To connect again with a pairing link, ${NEW_LINK}.`;
    case 'clock':
      return 'Creditwatch refused the time of the capture. Check the clock of this computer.';
    case 'busy':
      return 'Creditwatch is busy.';
    case 'offline':
      return 'Creditwatch did not answer.';
    case 'page-error':
      return `The page on ${host} answered with an error (HTTP ${String(outcome.status)}). Open it to see whether it works, and check its address.`;
    case 'page-unreachable':
      return `The page on ${host} did not load.`;
    case 'no-window':
      return 'The browser had no window to open the page in.';
    case 'no-access':
      return `The browser does not allow access to the page or to Creditwatch. Click "${ALLOW}".`;
    case 'failed':
      return 'The extension could not do this. If it happens again, reload it on the page for extensions.';
    case 'unexpected':
      return `An unexpected answer came (HTTP ${String(outcome.status)}). Check the address of Creditwatch, and update the extension.`;
  }
}

/** Creditwatch's own explanation begins in lower case. */
function quoted(said: string): string {
  return said === '' ? '' : ` Creditwatch says: ${said}.`;
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function shortened(address: string): string {
  return address.length > LONGEST_ADDRESS ? `${address.slice(0, LONGEST_ADDRESS)}…` : address;
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A time as the person's clock shows it: `today at 08:00`, `2 Dec at 08:00`. */
function whenText(at: number, now: number): string {
  const time = new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const dayOf = (instant: number) => new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  const [day, today] = [dayOf(at), dayOf(now)];
  return `${day === today ? 'today' : day} at ${time}`;
}
