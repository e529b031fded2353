import { expect, test } from 'vitest';
import { openKeyRing } from '../../src/app/keys.ts';
import { ok } from '../../src/core/result.ts';
import type { StoredSecret } from '../../src/ports/stores/setup-store.ts';
import { loadConfigText } from '../support/config-text.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

/** Stored keys, each read of which goes on only when it is let go, with what was stored when it began. */
function storedKeys() {
  let value = 'first';
  const reads: (() => void)[] = [];
  return {
    store(key: string) {
      value = key;
    },
    reads,
    secret: async () => ok({ value, made: false }),
    secrets: async (): Promise<readonly StoredSecret[]> => {
      const rows: readonly StoredSecret[] = [{ account: 'default', value: ok(value), until: null }];
      if (reads.push(() => {}) > 1) await new Promise<void>((resolve) => (reads[reads.length - 1] = resolve));
      return rows;
    },
  };
}

test('keys that are read again are those that were stored by then, also if a read was under way', async () => {
  const stored = storedKeys();
  const config = loadConfigText('sources: [{ id: vendor, kind: push }]');
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const ring = await openKeyRing(config.value, stored, { now: () => new Date(0), sleep: async () => {} }, recordedLog());
  if (!ring.ok) throw new Error(ring.error);
  const underWay = ring.value.refresh();
  stored.store('second');
  const after = [ring.value.refresh(), ring.value.refresh()];
  stored.reads[1]?.();
  await underWay;
  expect(ring.value.all().map(({ key }) => key)).toEqual(['first']);
  await expect.poll(() => stored.reads.length).toBe(3);
  stored.reads[2]?.();
  expect(await Promise.all(after)).toEqual([true, true]);
  expect(ring.value.all().map(({ key }) => key)).toEqual(['second']);
  expect(stored.reads).toHaveLength(3);
});
