import type { FigureField } from '../../core/meters/figure-fields.ts';
import { BALANCES } from '../../core/text/numbers/role-vocabulary.ts';
import { isHelpingWord, isRoleWord, roleOf } from '../../core/text/numbers/roles.ts';
import { isCounted, isCountedThing } from '../import/page-evidence.ts';
import { nameParts } from './secret-text.ts';

/** What the name of a field says about its number. */
export type FigureName = {
  /** Null: it only says what is counted. */
  readonly role: FigureField | null;
  /** The role is only likely: `available` may also be the allowance, and `total_credits` what was used in total. */
  readonly isDoubtful: boolean;
  /** The group around it can give another role: `{ used: { monthly_credits: 5 } }`. */
  readonly isWeak: boolean;
  /** What is counted: `email credits`. Empty if the name says nothing about it. */
  readonly subject: readonly string[];
};

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** They make any figure a total: `max_usage`. */
const ALLOWED = set('max maximum allowed included allocated allotted granted entitled');
/** The last of these and of the nouns for use decides: `usage_limit` is a total, and `quota_usage` is used. */
const LIMITS = set('limit limits quota quotas allowance allowances allotment cap capacity entitlement entitlements budget ceiling');
/** They make a total of what is counted, but not of use: `total_credits`, but `total_usage`. */
const SUMS = set('total totals monthly plan purchased bought deposits recurring');
const USE = set('usage usages consumption spend spending utilization');
const LEFT = set('remained');
/** Not figures of credits: shares, rates, times, positions, prices, and what was or will be. */
const OTHER = set(
  'percent percentage percentages pct ratio rate rates rpm tpm rps qps tps per concurrency concurrent parallel burst throttle throttled retry timeout ttl page pages offset index position id ids uid version timestamp time times date dates at reset resets renew renews renewal refresh start starts started begin end ends ended until since created updated day days sec year years expires expiry expiration port price prices cost costs tax discount fee fees invoice invoices length width height status code score previous prior average avg mean median projected projection forecast estimated estimate history historical trend overage',
);
/** They say where a figure is, and not what it counts. */
const AROUND = set(
  'data result results response payload account accounts subscription subscriptions billing current info details detail summary stats statistics overview period periods month count counts number num of amount value values the me viewer attributes node nodes edges meta body item items my workspace organization organisation org team teams company meter meters metric metrics feature features resource resources balance balances list soft hard flexible base unix',
);
/** Fields that mean what is used if a total is beside them: `{ current: 5, limit: 10 }`. */
const COUNTS = set('current count value consumed used usage spent');

/** Reads the name of a field. Null if its number is not a figure of credits. */
export function figureName(name: string): FigureName | null {
  const words = nameParts(name);
  if (words.length === 0 || words.some((word) => OTHER.has(word))) return null;
  const said = roleOf(words, 'name');
  if (said.contradicts || said.doubts) return null;
  const subject = subjectOf(words);
  const isLeft = words.some((word) => BALANCES.has(word) || LEFT.has(word));
  const spoken = said.role ?? (isLeft ? 'remaining' : null);
  if (spoken !== null) return { role: spoken, isDoubtful: said.perhaps && !isLeft, isWeak: false, subject };
  if (words.some((word) => ALLOWED.has(word))) return { role: 'total', isDoubtful: false, isWeak: false, subject };
  const noun = words.findLast((word) => LIMITS.has(word) || USE.has(word));
  if (noun !== undefined) return { role: USE.has(noun) ? 'used' : 'total', isDoubtful: false, isWeak: false, subject };
  const isSum = words.some((word) => SUMS.has(word)) && (subject.length > 0 || words.includes('total'));
  return { role: isSum ? 'total' : null, isDoubtful: false, isWeak: true, subject };
}

/** Whether a name means what is used if a total is beside it: `character_count`, `current`. */
export function isWeaklyUsed(name: string): boolean {
  return COUNTS.has(nameParts(name).at(-1) ?? '');
}

/** Returns the words of a name that say what is counted. */
export function subjectOf(words: readonly string[]): readonly string[] {
  return words.filter(
    (word) => ![ALLOWED, LIMITS, SUMS, USE, LEFT, AROUND].some((one) => one.has(word)) && !isRoleWord(word) && !isHelpingWord(word),
  );
}

/** The same for one and for many: `characters` and `character`. */
export function subjectKey(subject: readonly string[]): string {
  return subject.map((word) => (word.length > 3 ? word.replace(/s$/, '') : word)).join(' ');
}

/** Whether words name something that vendors sell by the piece. */
export function isCountable(words: readonly string[]): boolean {
  return isCounted(words.join(' '), '');
}

/** Whether words around figures are about what vendors sell: `account` and `user` are around anything. */
export function isAboutCredits(words: readonly string[]): boolean {
  return isCountedThing(words.filter((word) => !/^users?$/.test(word)).join(' '));
}

/** Whether a number under these words alone is most likely what is left: `credits`, but not `contacts`. */
export function isCurrency(words: readonly string[]): boolean {
  return words.some((word) => CURRENCIES.has(word));
}

const CURRENCIES = set('credit credits token tokens point points guthaben');

/** The last word that names a thing that is counted: of `email credits`, `credits`. Null if there is none. */
export function unitIn(words: readonly string[]): string | null {
  return words.findLast((word) => isCounted(word, '') || MEASURES.has(word)) ?? null;
}

const MEASURES = set('bytes kb mb gb gbytes tb seconds minutes hours usd eur gbp cents');

/** Whether words only say how it is measured: of `bytes`, the group around it says what. */
export function isOnlyMeasure(words: readonly string[]): boolean {
  return words.length > 0 && words.every((word) => MEASURES.has(word));
}
