import fc from 'fast-check';

/** Up to so many of any characters. A text of fast-check with the unit `binary` is the same, but takes half a second to set up. */
export function anyCharacters(maxLength: number): fc.Arbitrary<string> {
  const character = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
  return fc.array(character, { maxLength }).map((points) => String.fromCodePoint(...points));
}

/** Any text a program can hold: every character, and halves of characters that no platform should send. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  anyCharacters(300),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 600 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\u{1F680}', '漢', '"', '\\', '\u0000', '\uD83D', '\n').chain((one) => fc.nat(400).map((times) => one.repeat(times))),
);
