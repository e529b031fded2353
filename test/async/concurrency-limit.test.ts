import { expect, test } from 'vitest';
import { limitConcurrency } from '../../src/async/concurrency-limit.ts';

/** Runs that last until the test ends them. */
function runs() {
  const ends = new Map<string, (failure?: Error) => void>();
  const begun: string[] = [];
  const run = (id: string) =>
    new Promise<void>((resolve, reject) => {
      begun.push(id);
      ends.set(id, (failure) => (failure ? reject(failure) : resolve()));
    });
  return { run, begun, end: (id: string, failure?: Error) => ends.get(id)?.(failure) };
}

test('no more run at once than may; the others follow in the order they came, each as soon as one has ended', async () => {
  const { run, begun, end } = runs();
  const { run: limited } = limitConcurrency(2, run);
  const all = ['a', 'b', 'c', 'd'].map((id) => limited(id));
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
  for (const id of ['a', 'c']) end(id);
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
  end('d');
  await Promise.all(all);
});

test('one that waits already is not put in line again, one that runs is asked once more', async () => {
  const { run, begun, end } = runs();
  const { run: limited } = limitConcurrency(1, run);
  const first = limited('a');
  const again = [limited('a'), limited('a'), limited('b'), limited('b')];
  end('a');
  await first;
  await expect.poll(() => begun).toEqual(['a', 'a']);
  end('a');
  await expect.poll(() => begun).toEqual(['a', 'a', 'b']);
  end('b');
  await Promise.all(again);
  expect(begun).toEqual(['a', 'a', 'b']);
});

test('one that runs is not run beside itself where there is room, but once more after it, and stands in nobody else’s way', async () => {
  const { run, begun, end } = runs();
  const { run: limited } = limitConcurrency(2, run);
  const all = [limited('a'), limited('a'), limited('b'), limited('a'), limited('c')];
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
  end('a');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'a']);
  for (const id of ['a', 'c']) end(id);
  await Promise.all(all);
  expect(begun).toEqual(['a', 'b', 'c', 'a']);
});

test('a run that fails tells whoever asked for it, and makes room', async () => {
  const { run, begun, end } = runs();
  const { run: limited } = limitConcurrency(1, run);
  const [failing, next] = [limited('a'), limited('b')];
  end('a', new Error('broken'));
  await expect(failing).rejects.toThrow('broken');
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await next;
});

test('a run that rests makes room for others, and for whoever waits for it; it goes on before those that have not begun', async () => {
  const log: string[] = [];
  const wakes = new Map<string, () => void>();
  const ends = new Map<string, () => void>();
  const { run, settled } = limitConcurrency(1, async (id, rest) => {
    log.push(`${id} begins`);
    if (id === 'a') await rest(() => new Promise((resolve) => wakes.set(id, resolve)));
    log.push(`${id} works`);
    await new Promise<void>((resolve) => ends.set(id, resolve));
    log.push(`${id} ends`);
  });
  await run('a');
  const [b, c] = [run('b'), run('c')];
  wakes.get('a')?.();
  await expect.poll(() => log).toEqual(['a begins', 'b begins', 'b works']);
  ends.get('b')?.();
  await b;
  await expect.poll(() => log.slice(3)).toEqual(['b ends', 'a works']);
  ends.get('a')?.();
  await expect.poll(() => log.slice(5)).toEqual(['a ends', 'c begins', 'c works']);
  ends.get('c')?.();
  await Promise.all([c, settled()]);
  expect(log.at(-1)).toBe('c ends');
});

test('a run that fails after it has rested is reported, and asked again only after it', async () => {
  const failures: unknown[] = [];
  let begun = 0;
  let goOn = (): void => undefined;
  const { run, settled } = limitConcurrency(
    2,
    async (_id, rest) => {
      begun += 1;
      if (begun > 1) return;
      await rest(() => new Promise((resolve) => (goOn = resolve)));
      throw new Error('broken');
    },
    (error, id) => failures.push([id, String(error)]),
  );
  await run('a');
  const again = run('a');
  expect(begun).toBe(1);
  goOn();
  await again;
  await settled();
  expect([begun, failures]).toEqual([2, [['a', 'Error: broken']]]);
});
