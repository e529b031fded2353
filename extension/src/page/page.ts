import { mayAccess, requestAccess } from '../browser/access.ts';
import { readDraft, readRunning, readVendors } from '../browser/storage.ts';
import { cardOf } from '../core/card.ts';
import { inOrder } from '../core/in-order.ts';
import { isPairingLink, parsePairingLink, type Pairing } from '../core/pairing.ts';
import type { Request } from '../core/request.ts';
import * as texts from '../texts.ts';
import { actions, button, element, fieldList, redraw, textField } from './elements.ts';
import { vendorCard, type Asks } from './vendor-card.ts';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const root = element('main');
document.title = texts.TITLE;
document.body.append(root);

/** The pairing link in the tab in front, or that was pasted, until the person has decided. */
let offered: string | null = null;
const problem = element('p', { class: 'problem' });
problem.setAttribute('role', 'alert');

async function tell(request: Request): Promise<void> {
  const isDone = await chrome.runtime.sendMessage(request).catch(() => false);
  problem.textContent = isDone === true ? '' : texts.FAILED;
  await draw();
}

const asks: Asks = {
  ask(request, access) {
    // First, because the browser only asks the person directly after a click. The request is not lost if this page closes meanwhile.
    const allowed = access ? requestAccess(access) : Promise.resolve(true);
    const told = tell(request);
    allowed
      .then(() => told)
      .then(draw)
      .catch(failed);
  },
  allow(access) {
    requestAccess(access).then(draw).catch(failed);
  },
};

function connect(link: string, { address, sources }: Pairing): void {
  offered = null;
  asks.ask({ kind: 'pair', link }, [address, ...sources.flatMap(({ page }) => page ?? [])]);
}

function offer(link: string): HTMLElement {
  const pairing = parsePairingLink(link, zone);
  const card = element('section', { class: 'card offer' }, element('h2', {}, texts.CONNECT_TITLE));
  if (!pairing.ok) {
    card.append(element('p', { class: 'problem' }, texts.pairingProblemText(pairing.problem)));
    return card;
  }
  const dismiss = () => {
    offered = null;
    void draw();
  };
  const yes = button(texts.CONNECT, () => connect(link, pairing.value), true);
  card.append(element('p', {}, texts.CONNECT_QUESTION), contents(pairing.value), actions(yes, button(texts.NOT_NOW, dismiss)));
  return card;
}

/** Each value of a link stands on its own, so that none can pass for a sentence of the extension. */
function contents({ address, sources }: Pairing): HTMLElement {
  const { to, source, url } = texts.SENT_FIELDS;
  const fields = sources.flatMap((one): readonly [string, string][] => [
    [source, one.source],
    [url, one.page ?? texts.PAGE_OPEN],
  ]);
  return fieldList([[to, address], ...fields]);
}

function connectForm(hasVendors: boolean): HTMLElement {
  const { row, input } = textField(texts.PAIRING_LINK, { id: 'link', placeholder: 'https://…/capture#key=…' });
  const said = element('p', { class: 'problem' });
  const form = element('form', { class: 'form' }, element('p', { class: 'hint' }, texts.CONNECT_HOW), row, said);
  const submit = element('button', { class: 'main' }, texts.SHOW_LINK);
  form.append(actions(submit));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const pairing = parsePairingLink(input.value, zone);
    said.textContent = pairing.ok ? '' : texts.pairingProblemText(pairing.problem);
    if (!pairing.ok) return;
    offered = input.value;
    // The key in it is not shown for longer than necessary.
    input.value = '';
    void draw();
  });
  const details = element(
    'details',
    { id: hasVendors ? 'connect-more' : 'connect' },
    element('summary', {}, hasVendors ? texts.CONNECT_MORE : texts.CONNECT_TITLE),
    form,
  );
  details.open = !hasVendors && offered === null;
  return details;
}

function stopping(): HTMLElement {
  const sure = actions();
  const ask = () =>
    sure.replaceChildren(
      element('span', {}, texts.FORGET_SURE),
      button(texts.FORGET_YES, () => asks.ask({ kind: 'forget' }), true),
      button(texts.CANCEL, begin),
    );
  const begin = () => sure.replaceChildren(button(texts.FORGET, ask));
  begin();
  return element('details', { id: 'stop' }, element('summary', {}, texts.STOP_TITLE), element('p', {}, texts.STOP_HOW), sure);
}

const inTurn = inOrder();
let isOutdated = false;

/** Draws what is stored. If that fails, what was drawn before stays, and the page says so. */
async function draw(): Promise<void> {
  await inTurn(drawStored).then(() => {
    if (isOutdated) problem.textContent = '';
    isOutdated = false;
  }, outdated);
}

function outdated(): void {
  isOutdated = true;
  failed();
}

function failed(): void {
  problem.textContent = texts.FAILED;
  if (!problem.isConnected) root.replaceChildren(element('h1', {}, texts.TITLE), problem);
}

async function drawStored(): Promise<void> {
  const [vendors, running, now] = [await readVendors(), await readRunning(), Date.now()];
  const cards = await Promise.all(
    vendors.map(async (vendor) => {
      const { id, address, page } = vendor;
      const may = page !== null && (await mayAccess([address, page]));
      const card = cardOf(vendor, { mayAccess: may, isRunning: running === id, draft: await readDraft(id), now });
      return vendorCard(vendor, card, now, asks);
    }),
  );
  redraw(
    root,
    element('h1', {}, texts.TITLE),
    element('p', { class: 'hint' }, texts.INTRODUCTION),
    ...(offered === null ? [] : [offer(offered)]),
    problem,
    ...cards,
    connectForm(vendors.length > 0),
    stopping(),
  );
}

chrome.storage.onChanged.addListener(() => void draw());
chrome.permissions.onAdded.addListener(() => void draw());
chrome.permissions.onRemoved.addListener(() => void draw());

/** The click on the icon shows the extension the address of the tab in front, and of no other. */
const [tab] = await chrome.tabs.query({ active: true, currentWindow: true }).catch(() => []);
if (tab?.url !== undefined && isPairingLink(tab.url)) offered = tab.url;
await draw();
