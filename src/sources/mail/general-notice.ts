import { splitName, type MeterDetails } from '../../core/meters/meter.ts';
import { HEDGES, MODALS, NEGATIONS, wordSet } from '../../core/text/numbers/role-vocabulary.ts';
import { roleOf } from '../../core/text/numbers/roles.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isMonthName } from '../../core/time/month-names.ts';
import { tokensOf, type Token } from '../import/page-tokens.ts';
import type { Notice, NoticeProblem } from './notice.ts';
import { decimalOf, groupMarkOf, joinGroups } from './whole-figures.ts';

/** A sentence is not longer, and a notice comes early in a mail. */
const MOST_SENTENCE = 400;
const MOST_SENTENCES = 300;

/** "Used up", in the languages of the page reader. */
const USED_UP =
  /\b(?:used up|exhausted|depleted|(?:ran|has run|have run) out|reached (?:your|the) (?:\p{L}+ ){0,3}limit|no (?:\p{L}+ ){0,3}(?:left|remaining)|used all)(?!\p{L})|aufgebraucht|erschöpft|vollständig verbraucht|épuisée?s?(?!\p{L})|agotad[oa]s?(?!\p{L})|se han acabado/iu;
/** Not yet: "about to run out", "before they run out". */
const NOT_YET = wordSet(
  'will soon almost nearly about before approaching close near if when once unless avoid until whether should may might could can',
  'wird werden bald fast beinahe nahezu bevor wenn falls sobald sollten könnten',
  'bientôt presque avant si lorsque quand sera seront pourrait',
  'pronto casi antes si cuando será serán podría',
);
/** A figure after these is not reached: "up to 80%". */
const NOT_REACHED = wordSet(
  'almost nearly approaching until below under less fewer fast beinahe nahezu knapp bis unter presque près jusqu casi hasta',
);
const UP_TO = /(?:up to|close to|jusqu'à|jusqu’à|cerca de)\s*$/iu;
const MORE_THAN = /(?:more than|over|above|at least|exceeded|mehr als|über|mindestens|plus de|au moins|más de|al menos|superado)\s*$/iu;
const FEWER_THAN = /(?:fewer than|less than|below|under|only|weniger als|unter|nur noch|moins de|menos de)\s*$/iu;
/** Sentences about another time, another person, an offer, or a setting: their figures are not what is used now. */
const ABOUT_ELSE = wordSet(
  'today yesterday day days week weeks last previous daily weekly hour hours minute minutes trial seat seats storage member members his her customers off alert alerts notification notifications rate forecast',
  'heute gestern tag tage woche wochen letzten letzte vormonat täglich stunden minuten speicher plätze kunden warnung',
  "aujourd'hui hier jour jours semaine semaines dernier dernière heures minutes stockage clients alerte alertes",
  'hoy ayer día días semana semanas pasado pasada horas minutos almacenamiento clientes alerta alertas',
);
/** What vendors sell, in words that need no unit. "3 items left" may be about anything. */
const SOLD = /credit|crédit|crédito|guthaben|kontingent|quota|plan(?!\p{L})|allowance|balance|limit/iu;
/** A share in words, which would be read as an amount. */
const SHARE_IN_WORDS = /(?:per\s?cent|prozent|pour\s?cent|por\s?ciento)(?!\p{L})/iu;
const OF = wordSet('of von sur de du der aus out from');
const SKIPPED = wordSet('your the our a total insgesamt ihren ihrer deiner vos votre tus su sus les los las of');

type Meters = Readonly<Record<string, MeterDetails>>;

/**
 * Reads a notice of usual wording in English, German, French or Spanish: "used 80%", "1,200 of 10,000 credits left", "used up". A mail
 * that says two different things of one meter is not understood, and neither is one with a word of doubt beside its figures.
 */
export function readGeneralNotice(
  { subject, text }: { readonly subject: string; readonly text: string },
  meters: Meters,
): Result<Notice, NoticeProblem> {
  const sentences = [subject, ...text.split(/\n|(?<=[.!?])\s+(?=\p{Lu}|\d)/u)].map((one) => one.trim()).slice(0, MOST_SENTENCES);
  const found = sentences.flatMap((sentence) => {
    const figure = sentence.length > MOST_SENTENCE ? null : figureIn(joinGroups(sentence));
    const named = metersIn(sentence, meters);
    return figure === null || !(named.length > 0 || SOLD.test(sentence) || hasUnit(sentence, meters)) ? [] : [{ figure, named }];
  });
  const [first] = found;
  if (first === undefined) return err('not-understood');
  const named = [...new Set(found.flatMap((one) => one.named))];
  const about = named.length > 0 ? named : metersIn(`${subject}\n${text}`, meters);
  const keys = about.length > 0 ? about : Object.keys(meters);
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only === undefined) return err('unclear-meter');
  const merged = merge(found.map((one) => one.figure));
  return merged === null ? err('not-understood') : ok({ meter: only, ...merged });
}

/** Whether a text has the unit of one of the meters as a word. */
function hasUnit(text: string, meters: Meters): boolean {
  const words = spaced(text);
  return Object.values(meters).some(({ unit = '' }) => spaced(unit).trim() !== '' && words.includes(spaced(unit)));
}

type Figure = Omit<Notice, 'meter'>;

/** Subject and text say the same, in different detail. Amounts tell more than a share. Null if they contradict each other. */
function merge(figures: readonly Figure[]): Figure | null {
  const of = (field: 'share' | 'used' | 'left' | 'total') => [...new Set(figures.flatMap((one) => one[field] ?? []))];
  const [shares, used, left, total] = [of('share'), of('used'), of('left'), of('total')];
  if ([shares, used, left, total].some((all) => all.length > 1)) return null;
  const amounts = figures.filter((one) => one.used !== undefined || one.left !== undefined);
  if (amounts.length === 0) return { isAtLeast: true, ...(shares[0] && { share: shares[0] }), ...(total[0] && { total: total[0] }) };
  return {
    isAtLeast: amounts.every((one) => one.isAtLeast),
    ...(used[0] && { used: used[0] }),
    ...(left[0] && { left: left[0] }),
    ...(total[0] && { total: total[0] }),
  };
}

function figureIn(sentence: string): Figure | null {
  const tokens = tokensOf(sentence);
  const words = tokens.map(({ text }) => text.toLowerCase().replaceAll(/[^\p{L}'’]/gu, ''));
  if (words.some((word) => ABOUT_ELSE.has(word) || isMonthName(word)) || SHARE_IN_WORDS.test(sentence)) return null;
  // "85% used up" is not used up.
  const isWithoutNumber = tokens.every((token) => token.kind !== 'number');
  if (isWithoutNumber && USED_UP.test(sentence) && !words.some((word) => NOT_YET.has(word))) {
    const isNegated = words.some((word) => NEGATIONS.has(word));
    if (!isNegated) return { isAtLeast: true, share: '100' };
  }
  const at = tokens.findIndex((token) => token.kind === 'number');
  const first = tokens[at];
  if (first?.kind !== 'number' || first.number === null) return null;
  const spoken = tokens.flatMap((token) => (token.kind === 'number' ? [] : [token.text]));
  const { role, perhaps, contradicts, doubts } = roleOf(spoken);
  if (role === null || perhaps || contradicts || doubts || words.some(isDoubtful)) return null;
  const before = sentence.slice(0, first.at);
  const numbers = tokens.filter((token) => token.kind === 'number');
  if (UP_TO.test(before)) return null;
  const amount = amountOf(first, sentence);
  if (amount === null || amount.startsWith('-')) return null;
  if (first.isShare) {
    if (numbers.length > 2 || words.slice(Math.max(0, at - 3), at).some((word) => NOT_REACHED.has(word))) return null;
    const total = totalAfter(tokens, at, sentence);
    if (numbers.length === 2 && total === null) return null;
    const share = role === 'used' ? amount : restOf(amount);
    return share === null ? null : { isAtLeast: true, share, ...(total !== null && { total }) };
  }
  const total = totalAfter(tokens, at, sentence);
  if (numbers.length !== (total === null ? 1 : 2)) return null;
  const isHedged = role === 'used' ? MORE_THAN.test(before) : FEWER_THAN.test(before);
  if (!isHedged && words.slice(Math.max(0, at - 3), at).some((word) => NOT_REACHED.has(word))) return null;
  // "Fewer than 1,000 used" and "more than 1,000 left" tell nothing.
  if (role === 'used' ? FEWER_THAN.test(before) : MORE_THAN.test(before)) return null;
  return { isAtLeast: isHedged, [role === 'used' ? 'used' : 'left']: amount, ...(total !== null && { total }) };
}

function isDoubtful(word: string): boolean {
  return HEDGES.has(word) || MODALS.has(word) || NEGATIONS.has(word) || /n['’]t$/.test(word);
}

function totalAfter(tokens: readonly Token[], at: number, sentence: string): string | null {
  let next = at + 1;
  while (next < at + 6 && tokens[next]?.kind === 'word' && !OF.has(tokens[next]?.text.toLowerCase() ?? '')) next += 1;
  const link = tokens[next];
  if (link === undefined || !(OF.has(link.text.toLowerCase()) || link.text === '/')) return null;
  next += 1;
  while (SKIPPED.has(tokens[next]?.text.toLowerCase() ?? '')) next += 1;
  const total = tokens[next];
  return total?.kind === 'number' && !total.isShare ? amountOf(total, sentence) : null;
}

function amountOf(token: Extract<Token, { kind: 'number' }>, sentence: string): string | null {
  if (token.number === null) return null;
  return decimalOf(token.number, groupMarkOf(sentence));
}

/** 20% left are 80% used. */
function restOf(share: string): string | null {
  const thousandths = Math.round(Number(share) * 1000);
  return thousandths < 0 || thousandths > 100_000 ? null : String((100_000 - thousandths) / 1000);
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
