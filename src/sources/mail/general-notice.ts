import { splitName, type MeterDetails } from '../../core/meters/meter.ts';
import { currencyOf } from '../../core/text/numbers/currency.ts';
import { isHelpingWord, isRoleWord, roleOf, type Role } from '../../core/text/numbers/roles.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isMonthName } from '../../core/time/month-names.ts';
import { tokensOf, type Token } from '../import/page-tokens.ts';
import type { Notice, NoticeProblem } from './notice.ts';
import {
  ABOUT_ELSE,
  COMPARED,
  ENGLISH,
  EXCEPT,
  FEWER_THAN,
  IN_TOTAL,
  MODIFIERS,
  MORE_THAN,
  NOT_REACHED,
  NOT_YET,
  OF,
  PERCENT,
  PERCENT_AFTER_NUMBER,
  REACHED,
  SAME_IN_BRACKETS,
  RELATIVE,
  SKIPPED,
  SOLD,
  TITLE,
  UP_TO,
} from './notice-vocabulary.ts';
import { isDoubtful, isUsedUp } from './used-up.ts';
import { decimalOf, groupMarkOf, isWhole, joinGroups } from './whole-figures.ts';

/** A sentence is not longer, and a notice comes early in a mail. */
const MOST_SENTENCE = 400;
const MOST_SENTENCES = 300;
/** The end of a line or of a sentence. No sentence ends behind `approx.` */
const SENTENCE_END = /\n|(?<=[.!?])(?<!\b(?:ca|approx|aprox|env|max|min|no|nr)\.)\s+(?=\p{Lu}|\d)/u;

type Meters = Readonly<Record<string, MeterDetails>>;
type NumberToken = Extract<Token, { kind: 'number' }>;

/**
 * Reads a notice of usual wording in English, German, French or Spanish: "used 80%", "1,200 of 10,000 credits left", "used up". A mail
 * that says two different things of one meter is not understood, and neither is one with a word of doubt beside its figures.
 */
export function readGeneralNotice(
  { subject, text }: { readonly subject: string; readonly text: string },
  meters: Meters,
): Result<Notice, NoticeProblem> {
  const sentences = [subject, ...text.split(SENTENCE_END)].map((one) => one.trim()).slice(0, MOST_SENTENCES);
  const known = namesOf(meters);
  const mailGroups = groupMarkOf(sentences.join(' '));
  const found = sentences.flatMap((sentence) => {
    const plain = joinGroups(sentence.replaceAll(PERCENT_AFTER_NUMBER, '%').replace(TITLE, ''));
    const groups = groupMarkOf(sentence) === '.' ? '.' : ENGLISH.test(sentence) ? ',' : mailGroups;
    const figure = sentence.length > MOST_SENTENCE ? null : figureIn(plain, { known, groups });
    const names = metersIn(sentence, meters);
    return figure === null || !(names.length > 0 || SOLD.test(sentence) || hasUnit(sentence, meters)) ? [] : [{ figure, names }];
  });
  if (found.length === 0) return err('not-understood');
  const named = [...new Set(found.flatMap((one) => one.names))];
  const about = named.length > 0 ? named : metersIn(`${subject}\n${text}`, meters);
  const keys = about.length > 0 ? about : Object.keys(meters);
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only === undefined) return err('unclear-meter');
  // Of several meters, a sentence that names none may be about another one.
  const ofIt = named.length > 0 && Object.keys(meters).length > 1 ? found.filter((one) => one.names.length > 0) : found;
  const merged = merge(ofIt.map((one) => one.figure));
  if (merged === null || (merged.isMoney && !mayBeMoney(meters[only]?.unit))) return err('not-understood');
  const { isMoney: _, ...figure } = merged;
  return ok({ meter: only, ...figure });
}

/** Whether a text has the unit of one of the meters as a word. */
function hasUnit(text: string, meters: Meters): boolean {
  const words = spaced(text);
  return Object.values(meters).some(({ unit = '' }) => spaced(unit).trim() !== '' && words.includes(spaced(unit)));
}

function mayBeMoney(unit: string | undefined): boolean {
  return unit === undefined || unit === '' || currencyOf(unit.toUpperCase()) !== null || /dollar|euro|pound|franken|money/i.test(unit);
}

/** `isMoney`: an amount has a currency. */
type Figure = Omit<Notice, 'meter'> & { readonly isMoney: boolean };

/** Subject and text say the same, in different detail. Amounts tell more than a share. Null if they contradict each other. */
function merge(figures: readonly Figure[]): Figure | null {
  const of = (field: 'share' | 'used' | 'left' | 'total') => [...new Set(figures.flatMap((one) => one[field] ?? []))];
  const [shares, used, left, total] = [of('share'), of('used'), of('left'), of('total')];
  if ([shares, used, left, total].some((all) => all.length > 1)) return null;
  const isMoney = figures.some((one) => one.isMoney);
  const amounts = figures.filter((one) => one.used !== undefined || one.left !== undefined);
  if (amounts.length === 0)
    return { isMoney, isAtLeast: true, ...(shares[0] && { share: shares[0] }), ...(total[0] && { total: total[0] }) };
  return {
    isMoney,
    isAtLeast: amounts.every((one) => one.isAtLeast),
    ...(used[0] && { used: used[0] }),
    ...(left[0] && { left: left[0] }),
    ...(total[0] && { total: total[0] }),
  };
}

/** What tells how the numbers of a sentence are read. `known`: the words of all names and units. */
type NumberContext = { readonly known: ReadonlySet<string>; readonly groups: ',' | '.' };

function figureIn(sentence: string, by: NumberContext): Figure | null {
  const inBrackets = SAME_IN_BRACKETS.exec(sentence);
  const { share: beside } = inBrackets?.groups ?? {};
  const figure = plainFigureIn(sentence.replace(SAME_IN_BRACKETS, ' '), by);
  if (figure === null || beside === undefined) return figure;
  const { total, used, left } = figure;
  const part = Number(used ?? left) / Number(total);
  return Math.abs(part * 100 - Number(beside.replace(',', '.'))) <= 1 ? figure : null;
}

function plainFigureIn(sentence: string, by: NumberContext): Figure | null {
  const tokens = tokensOf(sentence);
  const words = tokens.map(({ text }) => text.toLowerCase().replaceAll(/[^\p{L}'’]/gu, ''));
  if (sentence.includes('?') || PERCENT.test(sentence)) return null;
  if (words.some((word) => !by.known.has(word) && (ABOUT_ELSE.has(word) || isMonthName(word)))) return null;
  // "85% used up" is not used up.
  const numbers = tokens.filter((token): token is NumberToken => token.kind === 'number');
  if (numbers.length === 0) return isUsedUp(sentence, by.known) ? { isMoney: false, isAtLeast: true, share: '100' } : null;
  const at = tokens.findIndex((token) => token.kind === 'number');
  const [first] = numbers;
  if (first === undefined || first.number === null || !isWhole(sentence, tokens, at) || !countsCredits(tokens, at, by.known)) return null;
  const before = sentence.slice(0, first.at);
  if (UP_TO.test(before) || EXCEPT.test(before) || words.slice(Math.max(0, at - 3), at).some((word) => NOT_REACHED.has(word))) return null;
  if (words.slice(0, at).some((word) => NOT_YET.has(word)) || words.some(isDoubtful)) return null;
  const role = roleIn(tokens, words, at);
  const amount = decimalOf(first.number, by.groups);
  if (role === null || amount === null || amount.startsWith('-') || isOfPart(words, at)) return null;
  // "Fewer than 1,000 used" and "more than 1,000 left" tell nothing.
  if (role === 'used' ? FEWER_THAN.test(before) : MORE_THAN.test(before)) return null;
  const total = totalAfter(sentence, tokens, at, by);
  if (numbers.length !== (total === null ? 1 : 2)) return null;
  if (total === null && !first.isShare && IN_TOTAL.test(sentence)) return null;
  const isMoney = numbers.some(({ number }) => number !== null && number.currency !== null);
  const ofTotal = total === null ? {} : { total };
  if (first.isShare) {
    const share = role === 'used' ? amount : restOf(amount);
    return share === null ? null : { isMoney, isAtLeast: true, share, ...ofTotal };
  }
  const isHedged = role === 'used' ? MORE_THAN.test(before) : FEWER_THAN.test(before);
  return { isMoney, isAtLeast: isHedged, [role === 'used' ? 'used' : 'left']: amount, ...ofTotal };
}

function roleIn(tokens: readonly Token[], words: readonly string[], at: number): Role | null {
  const spoken = tokens.flatMap((token) => (token.kind === 'number' ? [] : [token.text]));
  const { role, perhaps, contradicts, doubts } = roleOf(spoken);
  if (perhaps || contradicts || doubts) return null;
  if (role !== null) return role;
  const first = tokens[at];
  const isOfTotal = first?.kind === 'number' && first.isShare && OF.has(words[at + 1] ?? '');
  const isReached = words.slice(Math.max(0, at - 3), at).some((word) => REACHED.has(word));
  return isOfTotal && isReached ? 'used' : null;
}

/** Whether what a figure counts may be credits: "5 of 10 users" are not, and neither are "80% more credits". */
function countsCredits(tokens: readonly Token[], at: number, known: ReadonlySet<string>): boolean {
  let next = at + 1;
  while (next < tokens.length && (tokens[next]?.kind === 'number' || tokens[next]?.text === '/' || SKIPPED.has(plain(tokens[next]))))
    next += 1;
  const phrase: string[] = [];
  // A name of the vendor or of a plan may stand before what it sells: "1,200 Acme credits".
  const names = new Set<string>();
  for (; tokens[next]?.kind === 'word' && phrase.length < 6; next += 1) {
    const word = plain(tokens[next]);
    if (COMPARED.has(word)) return false;
    if (isHelpingWord(word) || isRoleWord(word)) break;
    phrase.push(word);
    if (/^\p{Lu}/u.test(tokens[next]?.text ?? '')) names.add(word);
  }
  const counted = phrase.findIndex((word) => known.has(word) || SOLD.test(word));
  return phrase.length === 0 || (counted >= 0 && phrase.slice(0, counted).every((word) => MODIFIERS.has(word) || names.has(word)));
}

/** "80% of the credits you used went to enrichment": a share of what is used, and not of what there is. */
function isOfPart(words: readonly string[], at: number): boolean {
  const behind = words.slice(at + 1);
  const end = behind.findIndex((word) => isRoleWord(word));
  const before = behind.slice(0, Math.max(0, end));
  const isOf = OF.has(before[0] ?? '');
  return isOf && (before.some((word) => RELATIVE.has(word)) || before.every((word) => SKIPPED.has(word)));
}

function plain(token: Token | undefined): string {
  return (token?.text ?? '').toLowerCase().replace(/\.$/, '');
}

function totalAfter(sentence: string, tokens: readonly Token[], at: number, { groups }: NumberContext): string | null {
  let next = at + 1;
  while (next < at + 6 && tokens[next]?.kind === 'word' && !OF.has(plain(tokens[next]))) next += 1;
  const link = tokens[next];
  if (link === undefined || !(OF.has(plain(link)) || link.text === '/')) return null;
  next += 1;
  while (SKIPPED.has(plain(tokens[next]))) next += 1;
  const total = tokens[next];
  if (total?.kind !== 'number' || total.isShare || total.number === null || !isWhole(sentence, tokens, next)) return null;
  // "3/4 of your credits" is a fraction.
  if (link.text === '/' && total.text.length === 1 && OF.has(plain(tokens[next + 1]))) return null;
  const amount = decimalOf(total.number, groups);
  return amount?.startsWith('-') === true ? null : amount;
}

/** 20% left are 80% used. */
function restOf(share: string): string | null {
  const thousandths = Math.round(Number(share) * 1000);
  return thousandths < 0 || thousandths > 100_000 ? null : String((100_000 - thousandths) / 1000);
}

/** The words of all names and units of the meters. */
function namesOf(meters: Meters): ReadonlySet<string> {
  const names = Object.entries(meters).flatMap(([key, { label = '', unit = '', aliases = [] }]) => [key, label, unit, ...aliases]);
  return new Set(names.flatMap((name) => splitName(name)));
}

/** The meters that a text names: by label, key or alias. A longer name covers the shorter one in it. */
function metersIn(text: string, meters: Meters): readonly string[] {
  const words = spaced(text);
  const names = Object.entries(meters).flatMap(([key, { label, aliases = [] }]) =>
    [key, ...(label === undefined ? [] : [label]), ...aliases].map((name) => ({ key, name: spaced(name) })),
  );
  const said = names.filter(({ name }) => name.trim() !== '' && words.includes(name));
  const longest = said.filter(
    ({ key, name }) => !said.some((other) => other.key !== key && other.name.length > name.length && other.name.includes(name)),
  );
  return [...new Set(longest.map(({ key }) => key))];
}

/** The words of a text with a space around each, so that one text can be sought in another by whole words. */
function spaced(text: string): string {
  return ` ${splitName(text).join(' ')} `;
}
