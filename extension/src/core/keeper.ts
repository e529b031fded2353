import { pageAddress } from './address.ts';
import type { Outcome } from './answer.ts';
import { capturePage, type Clock, type OpenPages } from './capture-page.ts';
import { inOrder } from './in-order.ts';
import { parsePairingLink } from './pairing.ts';
import type { Request } from './request.ts';
import { currentDraft, type Draft } from './stored.ts';
import {
  addressesOf,
  afterCapture,
  afterRevoked,
  approved,
  isStopped,
  needsPerson,
  nextDue,
  notLate,
  paired,
  withInterval,
  withPage,
  withPause,
  type Vendor,
} from './vendor.ts';

/** What the extension needs of the browser. */
export type Ports = {
  readonly clock: Clock;
  readonly localZone: string;
  /** Kept until the person removes them. */
  readonly vendors: { read(): Promise<readonly Vendor[]>; write(vendors: readonly Vendor[]): Promise<void> };
  /** Texts that wait to be sent, by the id of their vendor. Kept until the browser is closed. */
  readonly drafts: { read(id: string): Promise<Draft | null>; write(id: string, draft: Draft | null): Promise<void> };
  /** Shows which vendor is captured now. */
  showRunning(id: string | null): Promise<void>;
  /** Shows on the icon whether the person has to do something. */
  showNeed(isNeeded: boolean): Promise<void>;
  /** Whether the person has allowed access to the hosts of these addresses. */
  mayAccess(addresses: readonly string[]): Promise<boolean>;
  /** Gives up the access to all hosts except those of these addresses. */
  keepAccess(addresses: readonly string[]): Promise<void>;
  isOnline(): boolean;
  readonly open: OpenPages;
  send(vendor: Vendor, draft: Draft): Promise<Outcome>;
  /** Sets when `captureDue` is called next; null for never. */
  wakeAt(at: number | null): Promise<void>;
  /** Deletes all that is stored. */
  forget(): Promise<void>;
};

export type Keeper = {
  /** Captures the pages that are due, one after the other. */
  captureDue(): Promise<void>;
  /** Does what the person asks for. */
  act(request: Request): Promise<void>;
};

/** Keeps the vendors: captures their pages when due, and when the person asks for it. */
export function createKeeper(ports: Ports): Keeper {
  const { clock } = ports;
  /** One capture at a time: the person's browser has better things to do. */
  const inTurn = inOrder();
  const inChange = inOrder();

  /** Changes the stored vendors, one change after the other, and plans the next capture. */
  function change(how: (vendors: readonly Vendor[]) => readonly Vendor[]): Promise<readonly Vendor[]> {
    return inChange(async () => {
      const vendors = how(await ports.vendors.read());
      await ports.vendors.write(vendors);
      await ports.wakeAt(nextDue(vendors));
      await ports.showNeed(vendors.some(needsPerson));
      return vendors;
    });
  }

  const changeOne = (id: string, how: (vendor: Vendor) => Vendor) =>
    change((vendors) => vendors.map((one) => (one.id === id ? how(one) : one)));

  const find = (id: string): Promise<Vendor | undefined> => inChange(async () => (await ports.vendors.read()).find((one) => one.id === id));

  async function sent(vendor: Vendor, draft: Draft): Promise<Outcome> {
    const outcome = await ports.send(vendor, draft);
    const isUnsent = outcome.kind === 'busy' || outcome.kind === 'offline';
    const isStillThere = (await find(vendor.id)) !== undefined;
    await ports.drafts.write(vendor.id, isUnsent && isStillThere ? draft : null);
    return outcome;
  }

  /** Takes a text that was read: sends it, or keeps it until the person has approved it. */
  async function take(vendor: Vendor, page: string, text: string): Promise<Outcome> {
    const current = await find(vendor.id);
    const draft = { text, page, capturedAt: clock.now() };
    // The person has removed it, changed its address or paused it since the page was opened.
    if (current?.page !== page || (current.isPaused && !vendor.isPaused)) return { kind: 'to-approve' };
    if (current.isApproved) return sent(current, draft);
    await ports.drafts.write(vendor.id, draft);
    return { kind: 'to-approve' };
  }

  async function unsentDraft(vendor: Vendor): Promise<Draft | null> {
    return currentDraft(await ports.drafts.read(vendor.id), vendor, clock.now());
  }

  async function outcomeOf(vendor: Vendor, page: string, isRetry: boolean): Promise<Outcome> {
    if (!(await ports.mayAccess([vendor.address, page]))) return { kind: 'no-access' };
    if (!ports.isOnline()) return { kind: 'offline' };
    const draft = isRetry && vendor.isApproved ? await unsentDraft(vendor) : null;
    if (draft !== null) return sent(vendor, draft);
    return capturePage(page, { open: ports.open, clock, take: (text) => take(vendor, page, text) });
  }

  async function record({ id, page, key }: Vendor, outcome: Outcome): Promise<void> {
    const now = clock.now();
    await change((vendors) => {
      const after = vendors.map((one) => (one.id === id && one.page === page ? afterCapture(one, outcome, now) : one));
      return outcome.kind === 'key-revoked' ? afterRevoked(after, key, now) : after;
    });
  }

  /** Shows that a vendor is captured while `work` runs, and records what became of it, also if it fails. */
  async function recorded(vendor: Vendor, work: () => Promise<Outcome>): Promise<void> {
    await ports.showRunning(vendor.id);
    try {
      await record(vendor, await work());
    } catch (error) {
      await record(vendor, { kind: 'failed' });
      throw error;
    } finally {
      await ports.showRunning(null);
    }
  }

  async function capture(id: string, isAsked: boolean): Promise<void> {
    const vendor = await find(id);
    if (vendor === undefined) return;
    const { page, dueAt, failures } = vendor;
    const isWanted = isAsked ? !isStopped(vendor) : dueAt !== null && dueAt <= clock.now();
    if (page === null || !isWanted) return;
    await recorded(vendor, () => outcomeOf(vendor, page, !isAsked && failures > 0));
  }

  async function approve(id: string, capturedAt: number): Promise<void> {
    const vendor = await find(id);
    const draft = vendor && (await unsentDraft(vendor));
    // It is not the text that the person saw.
    if (!vendor || !draft || draft.capturedAt !== capturedAt) return;
    await changeOne(id, (one) => (one.page === draft.page ? approved(one, clock.now()) : one));
    await recorded(vendor, () => sent(vendor, draft));
  }

  async function remove(id: string): Promise<void> {
    const left = await change((vendors) => vendors.filter((one) => one.id !== id));
    await ports.drafts.write(id, null);
    await ports.keepAccess(left.flatMap(addressesOf));
  }

  return {
    async captureDue() {
      await inTurn(async () => {
        const now = clock.now();
        const due = (await ports.vendors.read()).filter(({ dueAt }) => dueAt !== null && dueAt <= now);
        let broken: Promise<void> = Promise.resolve();
        for (const { id } of due) {
          const captured = capture(id, false);
          // A bug with one vendor must not hold up the next. It is thrown at the end, so that the browser lists it.
          await captured.catch(() => {
            broken = captured;
          });
        }
        await change((vendors) => vendors.map((one) => notLate(one, clock.now())));
        await broken;
      });
    },
    async act(request) {
      switch (request.kind) {
        case 'pair': {
          const pairing = parsePairingLink(request.link, ports.localZone);
          if (pairing.ok) await change((vendors) => paired(vendors, pairing.value, clock.now()));
          return;
        }
        case 'set-page': {
          const page = pageAddress(request.page);
          if (page === null) return;
          await ports.drafts.write(request.id, null);
          await changeOne(request.id, (vendor) => withPage(vendor, page));
          return;
        }
        case 'set-interval':
          await changeOne(request.id, (vendor) => withInterval(vendor, request.every, clock.now()));
          return;
        case 'pause':
        case 'resume':
          await changeOne(request.id, (vendor) => withPause(vendor, request.kind === 'pause', clock.now()));
          return;
        case 'capture':
          return inTurn(() => capture(request.id, true));
        case 'approve':
          return inTurn(() => approve(request.id, request.capturedAt));
        case 'remove':
          return remove(request.id);
        case 'forget':
          await change(() => []);
          await ports.keepAccess([]);
          return ports.forget();
      }
    },
  };
}
