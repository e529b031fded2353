import { expect, test } from 'vitest';
import { totalSetMessage } from '../../../src/messages/forms/total.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';

const credits = { label: 'Acme Credits', unit: 'credits', decimals: 0 };
const said = (total: bigint | null, shown: bigint | null) =>
  plainMessage(totalSetMessage(credits, total, shown), { timeZone: 'UTC', now: new Date(0) });

test('a stated total is confirmed', () => {
  const unless = 'If the vendor reports a total, or more is left than that, the figure of the vendor counts instead.';
  expect(said(5_000n, null)).toBe(`Acme Credits has a total of 5,000 credits, from its next figures on.\n${unless}`);
  expect(said(5_000n, 5_000n)).toBe(`Acme Credits has a total of 5,000 credits.\n${unless}`);
  expect(said(null, 5_000n)).toBe('Acme Credits has no stated total, from its next figures on.');
});

test('if the figures have another total, the answer does not promise that the stated one counts', () => {
  expect(said(5_000n, 2_000n)).toBe(
    'Acme Credits: 5,000 credits is saved as its stated total.\nIts figures have a total of 2,000 now. If the vendor or creditwatch.yml tells that one, it goes on counting, and the stated one does not.',
  );
});
