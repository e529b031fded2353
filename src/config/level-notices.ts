import { AMOUNT_DECIMALS } from '../core/rules/level.ts';
import { threshold } from '../core/rules/threshold.ts';
import type { AccountConfig } from './config.ts';

/** The highest share. Amounts this small are rarely intended. */
const HIGHEST_SHARE = 100n * 10n ** BigInt(AMOUNT_DECIMALS);

/**
 * Returns a notice for each level without a percent sign that looks like a share. `levels: [80, 100]` are amounts, which is allowed, but on
 * a meter of a million they fire at 100 credits.
 */
export function levelNotices(accounts: readonly Pick<AccountConfig, 'id' | 'rules'>[]): readonly string[] {
  return accounts.flatMap(({ id, rules }) =>
    rules.flatMap(({ kind, params }, index) => {
      const parsed = kind === threshold.kind ? threshold.params.safeParse(params) : null;
      const amounts = parsed?.success ? parsed.data.levels.flatMap(({ amount }) => (amount === undefined ? [] : [BigInt(amount)])) : [];
      if (amounts.length === 0 || amounts.some((amount) => amount > HIGHEST_SHARE)) return [];
      const written = amounts.map((amount) => Number(amount) / 10 ** AMOUNT_DECIMALS);
      const where = `${accounts.length > 1 ? `accounts.${id}.` : ''}rules[${String(index)}].levels`;
      return [
        `${where}: ${written.join(' and ')} without a percent sign ${written.length === 1 ? 'is an amount' : 'are amounts'} of the meter's unit. For shares write ${written.map((one) => `${String(one)}%`).join(', ')}.`,
      ];
    }),
  );
}
