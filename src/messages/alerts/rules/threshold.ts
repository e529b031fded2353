import { joinList } from '../../../core/text/join-list.ts';
import type { z } from 'zod';
import { formatPercent } from '../../../core/meters/amount.ts';
import type { Reading } from '../../../core/meters/reading.ts';
import type { Finding } from '../../../core/rules/rule.ts';
import { leftPerMille, type Level } from '../../../core/rules/level.ts';
import { thresholdDetail } from '../../../core/rules/threshold.ts';
import { richText } from '../../../core/text/rich-text.ts';
import { withoutPercentSpace } from '../../text/percent.ts';
import { levelText, shareText } from './level.ts';
import type { RuleWording } from './wording.ts';

type Balance = NonNullable<z.infer<typeof thresholdDetail>['balance']>;

export const thresholdWording: RuleWording = {
  headline: (findings, { reading }) => richText`${wordsOf(findings, reading).now}`,
  past: (findings, { reading }) => richText`${wordsOf(findings, reading).past}`,
};

/** What the passed levels show: as the headline of the alert, and later, before the time of the alert. */
type Words = { readonly now: string; readonly past: string };

function wordsOf(findings: readonly Finding[], reading: Reading): Words {
  const passed = findings.map((one) => thresholdDetail.parse(one.detail));
  const highest = passed.at(-1);
  if (!highest) return { now: 'changed', past: 'changed' };
  const { level, firstSight, balance } = highest;
  if (level === null)
    return reading.isTotalUnknown ? USED_UP : { now: 'is used, but none is included', past: 'used, though none is included,' };
  const earlier = passed.slice(0, -1).flatMap((one) => (one.level === null ? [] : [one.level]));
  if (balance !== null && level.perMille !== undefined) return balanceWords(level, earlier, firstSight, balance);
  return firstSight ? firstSightWords(level, reading) : passedWords(level, earlier);
}

const USED_UP: Words = { now: 'is used up', past: 'used up' };

/** The first reading was already beyond the level, so it may have been passed long before. */
function firstSightWords(level: Level, reading: Reading): Words {
  const share = level.perMille === undefined ? null : formatPercent(reading.used, reading.total);
  if (share !== null) {
    const seen = reading.isAtLeast ? `${share} or more` : share;
    return { now: `is already at ${seen}`, past: `at ${seen} when first seen,` };
  }
  return level.of === 'used'
    ? { now: `is already past ${named(level)}`, past: `past ${named(level)} when first seen,` }
    : { now: `already has ${named(level)} or less`, past: `${named(level)} or less when first seen,` };
}

function passedWords(highest: Level, earlier: readonly Level[]): Words {
  const all = joinList([...earlier, highest].map(named), 'and');
  if (highest.perMille === 1000 && highest.of === 'used')
    return { ...USED_UP, now: earlier.length === 0 ? 'is used up (100%)' : `is used up (passed ${all})` };
  if ([...earlier, highest].every(({ of }) => of === 'used')) return inAnyTense(`reached ${all}`);
  const also = passedToo(earlier.map(named));
  if (highest.of === 'used') return inAnyTense(`reached ${levelText(highest)}${also}`);
  const left = `${levelText(highest)} or less left${also}`;
  return { now: `has ${left}`, past: left };
}

/** `reached` is both. */
function inAnyTense(text: string): Words {
  return { now: text, past: text };
}

function named(one: Level): string {
  return one.of === 'used' ? levelText(one) : `${levelText(one)} left`;
}

/** Words a level of a balance by the share that is left, because the share used says little. */
function balanceWords({ of, perMille = 0 }: Level, earlier: readonly Level[], firstSight: boolean, balance: Balance): Words {
  const share = leftPerMille(of, perMille);
  if (share <= 0) return firstSight ? { now: 'is already used up', past: 'used up when first seen,' } : USED_UP;
  const base = balance.ofTopUp ? ' of its last top-up' : '';
  if (firstSight) {
    const left = `down to ${leftText(balance)}${base}`;
    return { now: `is already ${left}`, past: `${left} when first seen,` };
  }
  const also = passedToo(
    earlier.map((one) => (one.perMille === undefined ? levelText(one) : shareText(leftPerMille(one.of, one.perMille)))),
  );
  const left = `down to ${shareText(share)}${base}${also}`;
  return { now: `is ${left}`, past: left };
}

function leftText(balance: Balance): string {
  return 'of' in balance ? (formatPercent(balance.left, balance.of) ?? '0%') : withoutPercentSpace(balance.left);
}

function passedToo(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (also passed ${joinList(names, 'and')})`;
}
