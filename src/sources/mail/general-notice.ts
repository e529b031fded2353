import { currencyOf } from '../../core/text/numbers/currency.ts';
import { REMAINING, USED } from '../../core/text/numbers/role-vocabulary.ts';
import { roleOf, type Role } from '../../core/text/numbers/roles.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { tokensOf, type Token } from '../import/page-tokens.ts';
import { mergeFigures, type Figure } from './merge-figures.ts';
import { hasUnit, hasWord, metersIn, namesOf, type Meters } from './named-meters.ts';
import type { Notice, NoticeProblem } from './notice.ts';
import {
  ASKS,
  CREDITS,
  ENGLISH,
  FEWER_THAN,
  HEADS_UP,
  MORE_THAN,
  NO_LEFT,
  NOT_MEANT,
  OF,
  OF_ANOTHER_TIME,
  OF_USED_UP,
  PERCENT,
  PERCENT_AFTER_NUMBER,
  PLAIN,
  REACHED,
  REFILLED,
  SAME_IN_BRACKETS,
  SKIPPED,
  SOLD,
  TIMES,
  USED_UP,
} from './notice-vocabulary.ts';
import { decimalOf, groupMarkOf, isWhole, joinGroups } from './whole-figures.ts';

/** A sentence is not longer, and a notice comes early in a mail. */
const MOST_SENTENCE = 400;
const MOST_SENTENCES = 300;
/** The end of a line or of a sentence. No sentence ends behind `approx.` */
const SENTENCE_END = /\n|(?<=[.!?])(?<!\b(?:ca|approx|aprox|env|max|min|no|nr|e\.g|z\. ?B|p\. ?ex|p\. ?ej)\.)\s+(?=\p{Lu}|\d)/u;

type NumberToken = Extract<Token, { kind: 'number' }>;

/**
 * Reads a notice of usual wording in English, German, French or Spanish: "used 80%", "1,200 of 10,000 credits left", "used up". Each word of
 * its sentence must be known, because any other may be a condition, a part, another time or another thing. What is not read this way is told,
 * and a pattern can read it; a wrong figure would not be noticed.
 *
 * @param names words that name the vendor, such as those of its domain
 */
export function readGeneralNotice(
  { subject, text }: { readonly subject: string; readonly text: string },
  meters: Meters,
  names: readonly string[] = [],
): Result<Notice, NoticeProblem> {
  const mail = `${subject}\n${text}`;
  if (OF_ANOTHER_TIME.test(mail) || NOT_MEANT.test(mail)) return err('not-understood');
  const sentences = [subject, ...joinLines(text).split(SENTENCE_END)].map((one) => one.trim()).slice(0, MOST_SENTENCES);
  const context = { known: new Set([...namesOf(meters), ...names]), isRefilled: REFILLED.test(mail) };
  const mailGroups = groupMarkOf(sentences.join(' '));
  const found = sentences.flatMap((sentence) => {
    const plain = joinGroups(sentence.replaceAll(PERCENT_AFTER_NUMBER, '%').replaceAll(HEADS_UP, ' '));
    const groups = groupMarkOf(sentence) === '.' ? '.' : ENGLISH.test(sentence) ? ',' : mailGroups;
    const figure = sentence.length > MOST_SENTENCE ? null : figureIn(plain, { ...context, groups });
    const named = metersIn(sentence, meters);
    if (figure === null) return [];
    const isOfShare = figure.share !== undefined || figure.total !== undefined;
    const isNamed = named.length > 0 || hasUnit(sentence, meters) || hasWord(sentence, isOfShare ? SOLD : CREDITS);
    return isNamed ? [{ figure, named }] : [];
  });
  if (found.length === 0) return err('not-understood');
  const named = [...new Set(found.flatMap((one) => one.named))];
  const about = named.length > 0 ? named : metersIn(mail, meters);
  const keys = about.length > 0 ? about : Object.keys(meters);
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only === undefined) return err('unclear-meter');
  // Of several meters, a sentence that names none may be about another one.
  const ofIt = named.length > 0 && Object.keys(meters).length > 1 ? found.filter((one) => one.named.length > 0) : found;
  const merged = mergeFigures(ofIt.map((one) => one.figure));
  if (merged === null || (merged.isMoney && !mayBeMoney(meters[only]?.unit))) return err('not-understood');
  const { isMoney: _, isLabel: __, ...figures } = merged;
  return ok({ meter: only, ...figures });
}

/**
 * Joins lines that are broken within a sentence: the next one begins in lower case, or the line ends before its sentence could. Lines that
 * quote another mail are left out.
 */
function joinLines(text: string): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('>'));
  return lines.map((line, index) => (index === 0 ? line : `${goesOn(lines[index - 1] ?? '', line) ? ' ' : '\n'}${line}`)).join('');
}

function goesOn(before: string, line: string): boolean {
  if (/[.!?]$/.test(before)) return false;
  const words = before.split(' ');
  if (before.endsWith(',') && words.length <= 3) return false;
  if (/^\p{Ll}/u.test(line) || PLAIN.has((words.at(-1) ?? '').toLowerCase())) return true;
  return /^\p{N}/u.test(line) && words.length > 2 && !/\p{N}/u.test(before);
}

function mayBeMoney(unit: string | undefined): boolean {
  return unit === undefined || unit === '' || currencyOf(unit.toUpperCase()) !== null || /dollar|euro|pound|franken|money/i.test(unit);
}

/** What is known of the mail around a sentence. `isRefilled`: what was used up no longer is. */
type Context = { readonly known: ReadonlySet<string>; readonly groups: ',' | '.'; readonly isRefilled: boolean };
/** The words of a label, such as "Credits used". */
const LABEL = [SOLD, USED, REMAINING];
/** A sign, or a mark of an inexact figure, before a number. */
const SIGN = /^[-–—−+~∼≈≃<>≤≥±(]$/u;

function figureIn(sentence: string, by: Context): Figure | null {
  const inBrackets = SAME_IN_BRACKETS.exec(sentence);
  const { share: beside } = inBrackets?.groups ?? {};
  const figure = plainFigureIn(sentence.replace(SAME_IN_BRACKETS, ' '), by);
  if (figure === null || beside === undefined) return figure;
  const { total, used, left } = figure;
  const part = Number(used ?? left) / Number(total);
  return Math.abs(part * 100 - Number(beside.replace(',', '.'))) <= 1 ? figure : null;
}

function plainFigureIn(sentence: string, by: Context): Figure | null {
  const tokens = tokensOf(sentence);
  const words = wordsOf(tokens);
  if (sentence.includes('?') || ASKS.test(sentence) || PERCENT.test(sentence)) return null;
  const numbers = tokens.filter((token): token is NumberToken => token.kind === 'number');
  // "85% used up" is not used up.
  if (numbers.length === 0) return usedUpIn(sentence, by);
  const at = tokens.findIndex((token) => token.kind === 'number');
  const [first] = numbers;
  if (first === undefined || first.number === null || !isWhole(sentence, tokens, at)) return null;
  if (SIGN.test(tokens[at - 1]?.text ?? '') || TIMES.has(words[at + 1] ?? '')) return null;
  const before = sentence.slice(0, first.at);
  const around = `${before.replace(MORE_THAN, ' ').replace(FEWER_THAN, ' ')} ${sentence.slice(first.at)}`.replace(/\bused up\b/iu, 'used');
  if (!areKnown(wordsOf(tokensOf(around)), [PLAIN, REACHED, ...LABEL, by.known])) return null;
  const role = roleIn(tokens, words, at);
  const amount = decimalOf(first.number, by.groups);
  if (role === null || amount === null || amount.startsWith('-')) return null;
  // "Fewer than 1,000 used" and "more than 1,000 left" tell nothing.
  if (role === 'used' ? FEWER_THAN.test(before) : MORE_THAN.test(before)) return null;
  const total = totalAfter(sentence, tokens, at, by);
  if (numbers.length !== (total === null ? 1 : 2)) return null;
  const isMoney = numbers.some(({ number }) => number !== null && number.currency !== null);
  const isLabel = areKnown(words, [...LABEL, by.known]);
  const ofTotal = total === null ? {} : { total };
  if (first.isShare) {
    const share = role === 'used' ? amount : restOf(amount);
    return share === null ? null : { isMoney, isLabel, isAtLeast: true, share, ...ofTotal };
  }
  const isHedged = role === 'used' ? MORE_THAN.test(before) : FEWER_THAN.test(before);
  return { isMoney, isLabel, isAtLeast: isHedged, [role === 'used' ? 'used' : 'left']: amount, ...ofTotal };
}

function wordsOf(tokens: readonly Token[]): readonly string[] {
  return tokens.map(({ kind, text }) =>
    kind === 'word'
      ? text
          .toLowerCase()
          .normalize('NFC')
          .replaceAll(/[^\p{L}'’-]/gu, '')
      : '',
  );
}

/** Whether all words are known, so that none changes what a figure means. */
function areKnown(words: readonly string[], known: readonly ReadonlySet<string>[]): boolean {
  return words.every((word) => word === '' || known.some((one) => one.has(word)));
}

function usedUpIn(sentence: string, { known, isRefilled }: Context): Figure | null {
  if (isRefilled || !USED_UP.test(sentence)) return null;
  const words = wordsOf(tokensOf(sentence.replaceAll(NO_LEFT, ' ')));
  return areKnown(words, [PLAIN, OF_USED_UP, ...LABEL, known]) ? { isMoney: false, isLabel: false, isAtLeast: true, share: '100' } : null;
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

function plain(token: Token | undefined): string {
  return (token?.text ?? '').toLowerCase().replace(/\.$/, '');
}

function totalAfter(sentence: string, tokens: readonly Token[], at: number, { groups }: Context): string | null {
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
