import { property, string, assert } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeText } from '../../../src/messages/text/sanitize-text.ts';
import { leastCpuMs } from '../../support/cpu-time.ts';

const length = (text: string) => text.length;

describe('a text from elsewhere', () => {
  it('stays as it is up to the limit, and is cut in the middle from one more on', () => {
    expect(sanitizeText('a'.repeat(30), 30, length)).toBe('a'.repeat(30));
    expect(sanitizeText(`${'a'.repeat(20)}${'z'.repeat(11)}`, 30, length)).toBe(`${'a'.repeat(19)}…${'z'.repeat(9)}`);
  });

  it.each([
    ['a line break', 'Apollo\nContacts', 'Apollo Contacts'],
    ['several of them, in all their forms', 'Apollo\r\n\u0085\u2028\u2029Contacts', 'Apollo Contacts'],
    ['a control character', 'Apollo\u0000\u001B[31m', 'Apollo [31m'],
    ['half a character', 'Apollo\uD83D', 'Apollo\uFFFD'],
    ['a right-to-left override', '\u202Eollopa', '\u202Eollopa\u202C'],
    ['an isolate that is never closed', '\u2067ollopa\u2066x', '\u2067ollopa\u2066x\u2069\u2069'],
    ['a direction that is closed by itself', '\u2067ollopa\u2069 x', '\u2067ollopa\u2069 x'],
  ])('with %s cannot pass for a line of ours or turn around what follows', (_what, text, shown) => {
    expect(sanitizeText(text, 100, length)).toBe(shown);
  });

  it('is never cut inside of what a reader takes for one character', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(sanitizeText(family.repeat(9), 60, length)).toBe(`${family.repeat(3)}…${family}`);
  });

  it('of 10 million characters costs no more than a short one', async () => {
    const text = 'x'.repeat(10_000_000);
    expect(sanitizeText(text, 500, length)).toHaveLength(499);
    expect(await leastCpuMs(100, () => sanitizeText(text, 500, length))).toBeLessThan(100);
  });

  it('is never longer than the limit but for the ends of its directions, and has no line break', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 400 }), (text) => {
        const shown = sanitizeText(text, 50, length);
        expect(shown.replace(/[\u202C\u2069]+$/, '').length).toBeLessThanOrEqual(50);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});
