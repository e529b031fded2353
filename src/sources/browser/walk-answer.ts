import { plainText } from '../../core/text/plain-text.ts';
import { hasSecretPart, nameParts } from './secret-text.ts';
import type { AnswerPath } from './answer-path.ts';

/** A group of fields in an answer, with the path to it. */
export type Group = { readonly path: AnswerPath; readonly fields: readonly (readonly [name: string, value: unknown])[] };

/** Bounds for answers of any shape. Usage is near the top, in short lists. */
const DEEPEST = 12;
const MOST_GROUPS = 5_000;
export const MOST_FIELDS = 500;
const MOST_ENTRIES = 20;
const LONGEST_LIST = 500;

/** Lists the groups of fields of an answer, from the top. Entries of a list are found by what names them, and not by their position. */
export function groupsIn(answer: unknown): readonly Group[] {
  const found: Group[] = [];
  const waiting: { readonly value: unknown; readonly path: AnswerPath }[] = [{ value: answer, path: [] }];
  for (const { value, path } of waiting) {
    if (found.length >= MOST_GROUPS) break;
    if (typeof value !== 'object' || value === null || path.length >= DEEPEST) continue;
    if (Array.isArray(value)) {
      waiting.push(...entriesOf(value, path));
      continue;
    }
    const fields = Object.entries(value)
      .slice(0, MOST_FIELDS)
      .filter(([name]) => isPlainName(name));
    found.push({ path, fields });
    for (const [name, inner] of fields)
      if (typeof inner === 'object' && inner !== null) waiting.push({ value: inner, path: [...path, { to: 'field', name }] });
  }
  return found;
}

/** Whether a name or value of an answer may stand in an expression: one line, no secret, and no name of another kind. */
export function isPlainName(text: string): boolean {
  return text.length <= 60 && text !== '__proto__' && plainText(text) === text && !/\p{Cc}/u.test(text) && !hasSecretPart(text);
}

function entriesOf(list: readonly unknown[], path: AnswerPath): readonly { readonly value: unknown; readonly path: AnswerPath }[] {
  if (list.length > LONGEST_LIST) return [];
  const field = namingField(list);
  if (field === null) return list.length === 1 ? [{ value: list[0], path: [...path, { to: 'first' }] }] : [];
  return list
    .slice(0, MOST_ENTRIES)
    .map((entry) => ({ value: entry, path: [...path, { to: 'entry', field, value: textIn(entry, field) ?? '' } as const] }));
}

/** Words for what names an entry. Earlier ones change less often. */
const NAMING = [
  'key',
  'slug',
  'code',
  'type',
  'kind',
  'metric',
  'meter',
  'feature',
  'resource',
  'category',
  'product',
  'sku',
  'name',
  'label',
  'title',
  'id',
  'unit',
];

/** Returns the field whose text is different in each entry of a list, and is a name. */
function namingField(list: readonly unknown[]): string | null {
  const [first] = list;
  if (typeof first !== 'object' || first === null) return null;
  const rank = (name: string) => NAMING.indexOf(nameParts(name).at(-1) ?? '');
  const candidates = Object.keys(first)
    .slice(0, MOST_FIELDS)
    .filter((name) => isPlainName(name) && rank(name) !== -1)
    .toSorted((a, b) => rank(a) - rank(b));
  return (
    candidates.find((name) => {
      const values = list.map((entry) => textIn(entry, name));
      return values.every((value) => value !== null && value.trim() !== '' && isPlainName(value)) && new Set(values).size === list.length;
    }) ?? null
  );
}

function textIn(entry: unknown, field: string): string | null {
  if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, field)) return null;
  const value: unknown = Reflect.get(entry, field);
  return typeof value === 'string' ? value : null;
}
