import fc from 'fast-check';

/** Any text a program can hold: every character, and halves of characters that no platform should send. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 600 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\u{1F680}', '漢', '"', '\\', '\u0000', '\uD83D', '\n').chain((one) => fc.nat(400).map((times) => one.repeat(times))),
);
