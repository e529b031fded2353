import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MeterSelector } from '../../../src/core/meters/meter.ts';
import { forOperations, indexByMeter } from '../../../src/core/notifications/route.ts';
import { selects } from '../../../src/core/meters/meter.ts';

const name = fc.constantFrom('a', 'b', 'c', 'vendor/a', 'vendor/b', 'other/a', 'constructor');
const selector: fc.Arbitrary<MeterSelector | null> = fc.oneof(
  fc.constant('all' as const),
  fc.constant(null),
  fc.array(name, { minLength: 1, maxLength: 4 }),
);

test('the index finds the routes that select a meter, each once and in order', () => {
  fc.assert(
    fc.property(
      fc.array(selector, { maxLength: 12 }),
      fc.record({ source: fc.constantFrom('vendor', 'other'), key: fc.constantFrom('a', 'b', 'constructor') }),
      (selectors, meter) => {
        const routes = selectors.map((meters, id) => ({ id, meters }));
        const selecting = routes.filter(({ meters }) => meters !== null && selects(meters, meter));
        expect(indexByMeter(routes, ({ meters }) => meters)(meter)).toEqual(selecting);
      },
    ),
  );
});

const place = { address: 'somewhere', fallback: false, isOfOperations: false };
test.each([
  [
    'those of routes for operations',
    [{ kind: 'slack', isOfOperations: true }, { kind: 'slack', fallback: true }, { kind: 'terminal' }],
    [0],
  ],
  ['else the fallback destinations', [{ kind: 'slack' }, { kind: 'slack', fallback: true }, { kind: 'terminal' }], [1]],
  ['else the terminal', [{ kind: 'slack' }, { kind: 'terminal' }], [1]],
  ['nobody', [{ kind: 'slack' }], []],
])('operations are told at %s', (_where, given, chosen) => {
  const destinations = given.map((one) => ({ ...place, ...one }));
  expect(forOperations(destinations)).toEqual(chosen.map((index) => destinations[index]));
});
