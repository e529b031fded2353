import type { Outcome } from '../../extension/src/core/answer.ts';
import type { Clock, OpenPage } from '../../extension/src/core/capture-page.ts';
import { createKeeper, type Keeper, type Ports } from '../../extension/src/core/keeper.ts';
import { parseDraft, parseVendors, type Draft } from '../../extension/src/core/stored.ts';
import type { Vendor } from '../../extension/src/core/vendor.ts';
import type { Look } from '../../extension/src/core/watch-text.ts';

/** The logic of the extension in a browser that the test stands for. */
export type TestKeeper = Keeper & {
  /** As they are stored, which goes through JSON. */
  vendors(): readonly Vendor[];
  draft(id: string): Draft | null;
  /** When the browser wakes the extension next. */
  alarm(): number | null;
  needsPerson(): boolean;
  /** The addresses whose hosts it may still access, once it has given up others. */
  kept(): readonly string[] | null;
  isForgotten(): boolean;
};

export function testKeeper(
  browser: { readonly clock: Clock; readonly open: (address: string) => Promise<OpenPage | null>; readonly send: Ports['send'] } & Partial<
    Pick<Ports, 'mayAccess' | 'isOnline'>
  >,
): TestKeeper {
  let vendors = '[]';
  const drafts = new Map<string, string>();
  let alarm: number | null = null;
  let isNeeded = false;
  let isForgotten = false;
  let kept: readonly string[] | null = null;
  const draft = (id: string) => parseDraft(JSON.parse(drafts.get(id) ?? 'null'));
  const keeper = createKeeper({
    localZone: 'UTC',
    vendors: { read: async () => parseVendors(JSON.parse(vendors)), write: async (all) => void (vendors = JSON.stringify(all)) },
    drafts: {
      read: async (id) => draft(id),
      write: async (id, one) => void (one === null ? drafts.delete(id) : drafts.set(id, JSON.stringify(one))),
    },
    showRunning: async () => undefined,
    showNeed: async (needed) => void (isNeeded = needed),
    mayAccess: async () => true,
    keepAccess: async (addresses) => void (kept = addresses),
    isOnline: () => true,
    wakeAt: async (at) => void (alarm = at),
    forget: async () => void (isForgotten = true),
    ...browser,
  });
  return {
    ...keeper,
    vendors: () => parseVendors(JSON.parse(vendors)),
    draft,
    alarm: () => alarm,
    needsPerson: () => isNeeded,
    kept: () => kept,
    isForgotten: () => isForgotten,
  };
}

/** A vendor as it is read from the storage, with nothing approved or captured unless `fields` say so. */
export function storedVendor(fields: Readonly<Record<string, unknown>> = {}): Vendor {
  const usual = { id: ID, address: ADDRESS, key: KEY, source: 'abmatic', page: PAGE, every: 'daily', at: '08:00', zone: 'UTC' };
  const [vendor] = parseVendors([{ ...usual, ...fields }]);
  if (!vendor) throw new Error('not a vendor');
  return vendor;
}

/** A tab that shows a text from the beginning on. */
export function tabWith(text: () => string): OpenPage {
  return { look: async () => ({ kind: 'text', text: text(), isComplete: true, status: 200 }), close: async () => undefined };
}

export function pairingLink(
  address: string,
  key: string,
  sources: Readonly<Record<string, string>>,
  { at = '08:00', zone = 'UTC' } = {},
): string {
  const fields = Object.entries(sources).flatMap(([source, page]): [string, string][] => [
    ['source', source],
    ['page', page],
  ]);
  return `${address}/capture#${new URLSearchParams([['key', key], ...fields, ['at', at], ['zone', zone]]).toString()}`;
}

export const START = Date.parse('2026-11-30T06:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ADDRESS = 'https://credits.example.com';
export const KEY = `cwp_${'a'.repeat(32)}`;
export const PAGE = 'https://app.example.com/usage';
export const ID = `${ADDRESS} abmatic`;
export const STORED: Outcome = { kind: 'stored', meters: 1, unread: 0, rejected: 0, lines: [], isOlder: false };

/** An extension in a browser with a clock that the test moves, and a Creditwatch that answers what the test says. */
export function pretendBrowser({ sources = { abmatic: PAGE } }: { readonly sources?: Readonly<Record<string, string>> } = {}) {
  const state = {
    now: START,
    text: 'Leads\n1/2 leads used',
    /** What the tab shows in place of the text. */
    look: null as Look | null,
    answer: STORED,
    mayAccess: true,
    isOnline: true,
    whileOpen: async () => {},
    whileSent: async () => {},
  };
  const opened: string[] = [];
  const sent: (Draft & { readonly source: string })[] = [];
  const keeper = testKeeper({
    clock: { now: () => state.now, sleep: async (ms) => void (state.now += ms) },
    open: async (address) => {
      opened.push(address);
      await state.whileOpen();
      return { ...tabWith(() => state.text), ...(state.look !== null && { look: async () => state.look ?? { kind: 'loading' } }) };
    },
    send: async ({ source }, draft) => {
      await state.whileSent();
      sent.push({ source, ...draft });
      return state.answer;
    },
    mayAccess: async () => state.mayAccess,
    isOnline: () => state.isOnline,
  });
  const vendor = (id = ID) => keeper.vendors().find((one) => one.id === id);
  const pair = (link = pairingLink(ADDRESS, KEY, sources)) => keeper.act({ kind: 'pair', link });
  const approve = async (id = ID) => {
    await keeper.act({ kind: 'capture', id });
    await keeper.act({ kind: 'approve', id, capturedAt: keeper.draft(id)?.capturedAt ?? 0 });
  };
  /** The browser wakes the extension at its alarm. */
  const alarm = async () => {
    state.now = keeper.alarm() ?? state.now;
    await keeper.captureDue();
  };
  const at = (instant: number | null | undefined) => (instant == null ? null : new Date(instant).toISOString());
  return { state, opened, sent, keeper, vendor, pair, approve, alarm, dueAt: (id = ID) => at(vendor(id)?.dueAt) };
}
