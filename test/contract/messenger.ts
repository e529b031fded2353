import { describe, expect, it } from 'vitest';
import { platforms } from '../../src/app/platforms.ts';
import { findPlatform, type Platform } from '../../src/chat/platform.ts';
import type { SendOutcome } from '../../src/core/notifications/delivery.ts';
import { code, richText, strong } from '../../src/core/text/rich-text.ts';
import type { FindRequest, Messenger, SendRequest } from '../../src/ports/outbound/messenger.ts';
import { startPipeline } from '../support/pipeline.ts';
import type { PlatformId } from '../../src/core/text/person.ts';

/** A code, which no decision confuses with a sentence. */
const A_CODE = expect.stringMatching(/^[\w-]{1,80}$/);

/** What can go wrong at a destination, with the outcome that every messenger has to make of it, and what then stands there. */
const FAULTS = {
  'asks to wait 7 s': { outcome: { outcome: 'retry', afterMs: 7000 }, landed: 0 },
  'fails and says so': { outcome: { outcome: 'retry' }, landed: 0 },
  'cannot be reached': { outcome: { outcome: 'retry' }, landed: 0 },
  'is gone': { outcome: { outcome: 'rejected', scope: 'destination', code: A_CODE }, landed: 0 },
  'no longer knows us': { outcome: { outcome: 'rejected', scope: 'installation', code: A_CODE }, landed: 0 },
  'does not take the message': { outcome: { outcome: 'rejected', scope: 'message', code: A_CODE }, landed: 0 },
  'breaks off before it has taken anything': { outcome: { outcome: 'unknown' }, landed: 0 },
  'breaks off after it has taken everything': { outcome: { outcome: 'unknown' }, landed: 1 },
  'answers nonsense': { outcome: { outcome: 'unknown' }, landed: 0 },
} as const satisfies Record<string, { outcome: Partial<SendOutcome>; landed: number }>;
export type Fault = keyof typeof FAULTS;

/** A messenger with a view from the other side. */
type Place = {
  readonly messenger: Messenger;
  readonly addresses: readonly [string, string];
  /** What stands at an address as people read it, oldest first. */
  readonly read: (address: string) => readonly string[];
  /** How often the other side was called. */
  readonly calls: () => number;
  /** What must never be in a reason. */
  readonly secrets: readonly string[];
  /** As the messenger's clock shows it. */
  readonly now: () => Date;
  /** Answers nothing from now on, or everything again after a while; null where there is always an answer. */
  readonly isAway: ((away: boolean) => void) | null;
  /** The next attempt meets this. */
  readonly meet: (fault: Fault) => Promise<void> | void;
};

export type MessengerHarness = {
  readonly kind: PlatformId;
  /** What cannot happen there. */
  readonly never: readonly Fault[];
  /** A place of its own for one test, which ends with it. */
  readonly open: () => Promise<Place>;
};

const NAME = '*<!channel>* & <x|y> ${z}';

function request(address: string, fields: Partial<SendRequest> = {}): SendRequest {
  const message = {
    summary: richText`Apollo Contacts reached 80%`,
    title: richText`🟠 ${strong(NAME)} reached 80%`,
    lines: [richText`196,588 left`, richText`then ${code('/usage')}`],
    footer: richText`small print`,
  };
  return { address, place: { kind: 'new' }, message, severity: 'warning', deliveryId: 'delivery-1', possibleDuplicate: false, ...fields };
}

function question(address: string, at: Date, fields: Partial<FindRequest> = {}): FindRequest {
  return { address, place: { kind: 'new' }, deliveryId: 'delivery-1', since: new Date(at.getTime() - 1000), doubtedAt: at, ...fields };
}

/** What the pipeline relies on, whatever the platform. A new platform is one more harness. */
export function describeMessenger({ kind, never, open }: MessengerHarness, others: readonly Platform[] = []): void {
  describe(`the ${kind} messenger`, () => {
    it('says of itself what the description of its platform says', async () => {
      const { messenger } = await open();
      expect(messenger).toMatchObject({ kind, ...only(findPlatform([...platforms, ...others], kind)) });
      expect(Number.isInteger(messenger.paceMs) && messenger.paceMs >= 0).toBe(true);
    });

    it('finds what it has sent, where it says that it can look it up', async () => {
      const { messenger, addresses, now } = await open();
      await messenger.send(request(addresses[0]));
      const sought = await messenger.find(question(addresses[0], now()));
      expect(sought.found === 'yes').toBe(findPlatform([...platforms, ...others], kind)?.can.find);
    });

    it('sends all words in order, names as they are, with one call, and says where the message stands', async () => {
      const { messenger, addresses, read, calls } = await open();
      const outcome = await messenger.send(request(addresses[0]));
      expect(outcome).toEqual({ outcome: 'sent', messageRef: expect.stringMatching(/./) });
      expect(calls()).toBe(1);
      const messages = read(addresses[0]);
      expect(messages).toHaveLength(1);
      const words = [`🟠 ${NAME} reached 80%`, '196,588 left', 'then /usage', 'small print'];
      const positions = words.map((word) => messages[0]?.indexOf(word) ?? -1);
      expect(positions).not.toContain(-1);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    });

    it('sends each message to its own address, two at once', async () => {
      const { messenger, addresses, read } = await open();
      const toBoth = addresses.map((address, index) =>
        request(address, { message: { summary: richText`s`, title: richText`message ${String(index)}`, lines: [] } }),
      );
      const outcomes = await Promise.all(toBoth.map((one) => messenger.send(one)));
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
      for (const [index, address] of addresses.entries())
        expect(read(address).filter((text) => text.includes(`message ${String(index)}`))).toHaveLength(1);
    });

    it('is handed what comes in order, each once, and no faster than its pace', async () => {
      const {
        messenger,
        addresses: [address],
        read,
      } = await open();
      const startAt = new Date('2026-11-02T09:00:00Z');
      const sentAt: number[] = [];
      const timed: Messenger = { ...messenger, send: (one) => (sentAt.push(pipeline.now().getTime()), messenger.send(one)) };
      const pipeline = await startPipeline('', startAt.toISOString(), {}, timed);
      const settings = {
        meters: 'all',
        operations: false,
        mention: {},
        digest: null,
        timeZone: null,
        onlyIfRunningOut: false,
        recovery: 'thread',
      } as const;
      await pipeline.store.declare(
        {
          id: 'default',
          timeZone: 'UTC',
          admins: [],
          viewers: null,
          sources: [],
          rules: [],
          fallback: [],
          routes: [{ id: 'only', destination: { kind, address }, settings }],
        },
        startAt,
      );
      for (const meter of ['leads', 'seats', 'tokens']) {
        await pipeline.push([{ meter, used: 850, total: 1000 }]);
        // The first goes out at once, and the others when they may, a millisecond after their pace: two that wait would become one.
        if (meter !== 'leads') await pipeline.goTo(new Date((sentAt.at(-1) ?? 0) + messenger.paceMs + 1));
      }
      expect(read(address).map((text) => /Leads|Seats|Tokens/.exec(text)?.[0])).toEqual(['Leads', 'Seats', 'Tokens']);
      expect(sentAt).toHaveLength(3);
      for (const [index, at] of sentAt.slice(1).entries()) expect(at - (sentAt[index] ?? 0)).toBeGreaterThanOrEqual(messenger.paceMs);
    });

    it('says that a message may be a repeat, only when it may be one', async () => {
      const { messenger, addresses, read } = await open();
      await messenger.send(request(addresses[0]));
      await messenger.send(request(addresses[0], { possibleDuplicate: true }));
      expect(read(addresses[0]).map((text) => text.includes('may be a repeat'))).toEqual([false, true]);
    });

    it('writes nothing once it may not, ends as retry, and asks at each message', async () => {
      const { messenger, addresses, read, calls } = await open();
      expect(await messenger.send(request(addresses[0], { mayWrite: () => false }))).toMatchObject({ outcome: 'retry' });
      expect([calls(), read(addresses[0])]).toEqual([0, []]);
      expect(await messenger.send(request(addresses[0], { mayWrite: () => true }))).toMatchObject({ outcome: 'sent' });
      // On the connection that is there by now.
      expect(await messenger.send(request(addresses[0], { mayWrite: () => false }))).toMatchObject({ outcome: 'retry' });
      expect(read(addresses[0])).toHaveLength(1);
    });

    it.each([
      ['10,000 characters long', 'x'.repeat(10_000)],
      ['full of line breaks', '\n'.repeat(1000)],
      ['written from right to left', '\u202E\u2067מכסה'],
      ['half a character', '\uD83D'],
      ['nothing', ''],
    ])('sends a name that is %s as one message', async (_what, name) => {
      const { messenger, addresses, read } = await open();
      const outcome = await messenger.send(
        request(addresses[0], { message: { summary: richText`${name}`, title: richText`${strong(name)}`, lines: [richText`${name}`] } }),
      );
      expect(outcome.outcome).toBe('sent');
      expect(read(addresses[0])).toHaveLength(1);
    });

    for (const fault of faultsBut(never)) {
      const { outcome: expected, landed } = FAULTS[fault];
      it(`makes one attempt and ends as ${expected.outcome} when the other side ${fault}`, async () => {
        const { messenger, addresses, read, calls, secrets, meet } = await open();
        await meet(fault);
        const outcome = await messenger.send(request(addresses[0]));
        expect(outcome).toMatchObject(expected);
        if (outcome.outcome === 'sent') return;
        expect(outcome.reason).toMatch(/^\S.*\S$/);
        expect('remedy' in outcome ? outcome.remedy : 'none needed').toMatch(/^\S.*\S$/);
        for (const secret of secrets) expect(JSON.stringify(outcome)).not.toContain(secret);
        expect(calls()).toBeLessThanOrEqual(1);
        expect(read(addresses[0])).toHaveLength(landed);
      });

      it(`never claims wrongly that a message stands there, or does not, after the other side ${fault}`, async () => {
        const { messenger, addresses, now, meet } = await open();
        await meet(fault);
        await messenger.send(request(addresses[0]));
        const find = (deliveryId: string) => messenger.find(question(addresses[0], now(), { deliveryId }));
        expect([landed === 1 ? 'yes' : 'no', 'unavailable', 'no-answer']).toContain((await find('delivery-1')).found);
        expect(['no', 'unavailable', 'no-answer']).toContain((await find('delivery-2')).found);
      });
    }

    it('says of a message in doubt nothing but that there is no answer, until the other side answers again, and posts nothing by asking', async () => {
      const { messenger, addresses, read, now, isAway } = await open();
      isAway?.(true);
      const asked = question(addresses[0], now());
      expect(await messenger.find(asked)).toMatchObject({
        found: isAway === null ? 'unavailable' : 'no-answer',
        reason: expect.stringMatching(/^\S.*\S$/),
      });
      isAway?.(false);
      expect(['no', 'unavailable']).toContain((await messenger.find(asked)).found);
      expect(read(addresses[0])).toEqual([]);
    });
  });
}

function only(platform: Platform | undefined) {
  if (!platform) throw new Error('a messenger of no platform');
  return { paceMs: platform.paceMs, can: platform.can };
}

function faultsBut(never: readonly Fault[]): Fault[] {
  return Object.keys(FAULTS).filter((name): name is Fault => !never.some((one) => one === name));
}
