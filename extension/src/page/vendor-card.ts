import { pageAddress } from '../core/address.ts';
import type { Card } from '../core/card.ts';
import type { Request } from '../core/request.ts';
import { INTERVALS } from '../core/schedule.ts';
import { destinationOf, sentBody } from '../core/send-page.ts';
import type { Draft } from '../core/stored.ts';
import { addressesOf, type Vendor } from '../core/vendor.ts';
import * as texts from '../texts.ts';
import { actions, button, element, fieldList, pageLink, textField } from './elements.ts';

export type Asks = {
  /** Asks the background for something. `access`: the addresses to which the browser has to allow access first. */
  ask(request: Request, access?: readonly string[]): void;
  /** Asks the browser alone. */
  allow(access: readonly string[]): void;
};

/** Draws a vendor: what became of the last capture, and what the person can do. */
export function vendorCard(vendor: Vendor, card: Card, now: number, asks: Asks): HTMLElement {
  const { id, page, address } = vendor;
  const title = element('h2', {}, vendor.source);
  const where = element('p', { class: 'where' }, page === null ? address : `${new URL(page).hostname} → ${address}`);
  const last = texts.lastText(vendor, now);
  const isGood = vendor.last?.outcome.kind === 'stored';
  const result = last === '' ? [] : [element('p', { class: isGood ? 'result good' : 'result bad' }, last), ...unreadLines(vendor)];
  const request = (kind: 'capture' | 'pause' | 'resume' | 'remove') => () => asks.ask({ kind, id });
  const remove = button(texts.REMOVE, request('remove'));
  const moved = movedButton(vendor, asks);
  const open = page === null ? [] : [pageLink(texts.OPEN_PAGE, page)];
  const body = (): readonly Node[] => {
    switch (card.kind) {
      case 'running':
        return [element('p', { class: 'result running' }, texts.RUNNING)];
      case 'stopped':
        return [...result, actions(remove)];
      case 'needs-page':
        return [pageForm(vendor, asks), actions(remove)];
      case 'needs-access': {
        const allow = button(texts.ALLOW, () => asks.allow(addressesOf(vendor)), true);
        return [...result, element('p', {}, texts.NEEDS_ACCESS), actions(allow, remove)];
      }
      case 'to-show':
        return [
          ...result,
          element('p', {}, texts.TO_SHOW),
          actions(button(texts.SHOW, request('capture'), true), ...moved, ...open, remove),
          changePage(vendor, asks),
        ];
      case 'to-approve':
        return [
          ...approval(vendor, card.draft),
          actions(
            button(texts.approveLabel(vendor), () => asks.ask({ kind: 'approve', id, capturedAt: card.draft.capturedAt }), true),
            button(texts.READ_AGAIN, request('capture')),
            remove,
          ),
          changePage(vendor, asks),
        ];
      case 'paused':
        return [
          ...result,
          element('p', {}, texts.PAUSED),
          actions(button(texts.RESUME, request('resume'), true), button(texts.CAPTURE_NOW, request('capture')), ...moved, remove),
        ];
      case 'active':
        return [
          ...result,
          element('p', {}, texts.nextText(vendor, now)),
          actions(button(texts.CAPTURE_NOW, request('capture'), true), ...moved, ...open, button(texts.PAUSE, request('pause')), remove),
          intervalChoice(vendor, asks),
          changePage(vendor, asks),
        ];
    }
  };
  return element('section', { class: `card ${card.kind}` }, title, where, ...body());
}

/** Lists the lines that Creditwatch could not use. They are parts of a vendor's page, so each is set apart from the texts of the extension. */
function unreadLines({ id, last }: Vendor): readonly HTMLElement[] {
  if (last?.outcome.kind !== 'stored' || last.outcome.lines.length === 0) return [];
  const { outcome } = last;
  const list = element('ul', { class: 'lines' }, ...outcome.lines.map((line) => element('li', {}, element('bdi', {}, line))));
  return [element('details', { id: `lines ${id}` }, element('summary', {}, texts.linesTitle(outcome)), list)];
}

/** Shows each field of the request, exactly as it is sent. */
function approval(vendor: Vendor, draft: Draft): readonly Node[] {
  const { text, ...fields } = sentBody(vendor, draft);
  const { to, source, url, capturedAt, text: label } = texts.SENT_FIELDS;
  const list = fieldList([
    [to, destinationOf(vendor)],
    [source, fields.source],
    [url, fields.url],
    [capturedAt, fields.capturedAt],
  ]);
  list.append(element('dt', {}, label));
  const shown = element('pre', { class: 'sent' }, text);
  shown.tabIndex = 0;
  return [element('p', {}, texts.TO_APPROVE), list, shown];
}

function pageForm({ id, page, address }: Vendor, asks: Asks): HTMLElement {
  const { row, input } = textField(texts.PAGE_ADDRESS, { id: `address ${id}`, value: page ?? '', placeholder: 'https://' });
  const problem = element('p', { class: 'problem' });
  const save = button(
    texts.SAVE_PAGE,
    () => {
      const typed = pageAddress(input.value);
      problem.textContent = typed === null ? texts.BAD_PAGE : '';
      if (typed !== null) asks.ask({ kind: 'set-page', id, page: typed }, [address, typed]);
    },
    true,
  );
  return element('div', { class: 'form' }, row, element('p', { class: 'hint' }, texts.PAGE_HINT), problem, actions(save));
}

/** Another page of the site is only sent after the person has chosen it, and has seen what is on it. */
function movedButton({ id, address, last }: Vendor, asks: Asks): readonly HTMLElement[] {
  if (last?.outcome.kind !== 'moved') return [];
  const { to } = last.outcome;
  return [button(texts.USE_ADDRESS, () => asks.ask({ kind: 'set-page', id, page: to }, [address, to]))];
}

function changePage(vendor: Vendor, asks: Asks): HTMLElement {
  return element('details', { id: `page ${vendor.id}` }, element('summary', {}, texts.OTHER_PAGE), pageForm(vendor, asks));
}

function intervalChoice({ id, every }: Vendor, asks: Asks): HTMLElement {
  const select = element('select');
  for (const one of INTERVALS) {
    const option = element('option', {}, texts.intervalLabel(one));
    option.value = one;
    option.selected = one === every;
    select.append(option);
  }
  select.addEventListener('change', () => {
    const chosen = INTERVALS.find((one) => one === select.value);
    if (chosen) asks.ask({ kind: 'set-interval', id, every: chosen });
  });
  return element('label', { class: 'choice' }, element('span', {}, texts.EVERY), select);
}
