import { setTimeout as wait } from 'node:timers/promises';

const REPEAT_WITHIN_MS = 600_000;
const REPEAT_AFTER_S = 5;

/** Numbers from 0 to below `count`, in parts of at most `size`. */
export function inParts(count: number, size: number): readonly (readonly number[])[] {
  const parts = Math.ceil(count / size);
  return Array.from({ length: parts }, (_, part) =>
    Array.from({ length: Math.min(size, count - part * size) }, (_each, index) => part * size + index),
  );
}

/**
 * Posts JSON and repeats it as the `Retry-After` of a 429 or 503 asks. Returns how often it was repeated.
 *
 * @throws on any other answer that is not 2xx, and after ten minutes
 */
export async function postPatiently(url: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<number> {
  const giveUpAt = Date.now() + REPEAT_WITHIN_MS;
  for (let repeated = 0; ; repeated += 1) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const said = await response.text();
    if (response.ok) return repeated;
    if ((response.status !== 429 && response.status !== 503) || Date.now() > giveUpAt) {
      throw new Error(`POST ${url}: ${String(response.status)} ${said}`);
    }
    await wait(Number(response.headers.get('retry-after') ?? REPEAT_AFTER_S) * 1000);
  }
}
