import { isDeepStrictEqual } from 'node:util';
import { isCollection, isMap, isPair, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { err, ok, type Result } from '../core/result.ts';
import type { AddSourceProblem } from '../messages/replies/config-file.ts';
import { entryLine, entryText, indented, type SourceEntry } from './source-entry.ts';

type Path = readonly string[];

/**
 * Adds a source to the text of creditwatch.yml. The rest of the text stays as it is, with its comments. Only if the source goes into an
 * unusual place, such as an account in braces, the YAML library rewrites the whole file. It keeps the comments too.
 *
 * @param account null for the only one
 */
export function addSource(text: string, entry: SourceEntry, account: string | null): Result<string, AddSourceProblem> {
  const document = parseDocument(text);
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents) && !isEmpty(document.contents)))
    return err({ kind: 'not-yaml' });
  const path = pathOf(document, account);
  if (!path.ok) return path;
  const list = document.getIn(path.value, true);
  if (list !== undefined && !isEmpty(list) && !isSeq(list)) return err({ kind: 'not-a-list' });
  if (isSeq(list) && list.items.some((one) => isMap(one) && one.get('id') === entry.source.id))
    return err({ kind: 'id-exists', id: entry.source.id });
  const wanted = withEntry(parseDocument(text), path.value, entry);
  const inserted = insertion(text, document, path.value, entry);
  return ok(inserted !== null && isSame(inserted, wanted) ? inserted : wanted);
}

function pathOf(document: Document, account: string | null): Result<Path, AddSourceProblem> {
  const accounts = document.get('accounts', true);
  const names = isMap(accounts) ? accounts.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : [];
  if (names.length === 0)
    return account === null || account === 'default' ? ok(['sources']) : err({ kind: 'unknown-account', account, accounts: ['default'] });
  const [only, ...more] = names;
  if (account !== null && !names.includes(account)) return err({ kind: 'unknown-account', account, accounts: names });
  const chosen = account ?? (more.length === 0 ? only : undefined);
  return chosen === undefined ? err({ kind: 'choose-account', accounts: names }) : ok(['accounts', chosen, 'sources']);
}

/** A key without a value, or with its value commented out. */
function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [parseDocument(a), parseDocument(b)];
  return one.errors.length === 0 && isDeepStrictEqual(one.toJS(), other.toJS());
}

/** The file as the library writes it. */
function withEntry(document: Document, path: Path, { source }: SourceEntry): string {
  const list = document.getIn(path, true);
  if (isSeq(list)) list.add(document.createNode(source));
  else {
    for (const depth of path.keys())
      if (depth > 0 && isEmpty(document.getIn(path.slice(0, depth), true))) document.deleteIn(path.slice(0, depth));
    document.setIn(path, document.createNode([source]));
  }
  return document.toString({ lineWidth: 0, blockQuote: 'literal' });
}

/** The text with the entry in its place; null if the place is unusual. */
function insertion(text: string, document: Document, path: Path, entry: SourceEntry): string | null {
  const list = document.getIn(path, true);
  if (isSeq(list) && list.flow && list.items.length > 0) {
    const last = endOf(list.items.at(-1));
    return last === null ? null : `${text.slice(0, last)}, ${entryLine(entry)}${text.slice(last)}`;
  }
  if (isSeq(list) && list.items.length > 0) {
    const [first] = list.items;
    const start = startOf(first);
    const dash = start === null ? -1 : text.lastIndexOf('-', start);
    const indent = dash === -1 ? null : indentAt(text, dash);
    const end = endOf(list.items.at(-1));
    return indent === null || end === null ? null : insertedAt(text, end, indented(entryText(entry), indent));
  }
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (list !== undefined)
    return isMap(parent) ? belowKey(text, parent, 'sources', { lines: entryText(entry), brackets: isSeq(list) ? list.range : null }) : null;
  const lines = `sources:\n${indented(entryText(entry), '  ')}`;
  if (path.length === 1) return text.trim() === '' ? lines : `${text}${text.endsWith('\n') ? '' : '\n'}\n${lines}`;
  const accounts = document.get('accounts', true);
  if (isEmpty(parent)) return isMap(accounts) ? belowKey(text, accounts, path[1] ?? '', { lines, brackets: null }) : null;
  if (!isMap(parent) || parent.flow || parent.items.length === 0) return null;
  const indent = indentAt(text, startOf(parent.items[0]?.key) ?? -1);
  const end = endOf(parent.items.at(-1));
  return indent === null || end === null ? null : insertedAt(text, end, indented(lines, indent));
}

/** A key without a value, or with an empty list in brackets, which goes. */
function belowKey(
  text: string,
  parent: YAMLMap,
  name: string,
  { lines, brackets }: { readonly lines: string; readonly brackets: readonly number[] | null | undefined },
): string | null {
  const key = parent.items.find((one) => isScalar(one.key) && String(one.key.value) === name)?.key;
  const start = startOf(key);
  const indent = start === null || parent.flow ? null : indentAt(text, start);
  if (start === null || indent === null) return null;
  const [from = 0, to = 0] = brackets ?? [];
  const without = to === 0 ? text : `${text.slice(0, from).trimEnd()}${text.slice(to)}`;
  return insertedAt(without, start, indented(lines, `${indent}  `));
}

/** Puts lines below the line of a position. */
function insertedAt(text: string, position: number, lines: string): string {
  const isAtLineStart = position > 0 && text.charAt(position - 1) === '\n';
  const lineEnd = isAtLineStart ? position - 1 : text.indexOf('\n', position);
  const at = lineEnd === -1 ? text.length : lineEnd + 1;
  const before = text.slice(0, at);
  const written = text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines;
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${written}${text.slice(at)}`;
}

/** The white space before a position on its line; null if something else is there. */
function indentAt(text: string, position: number): string | null {
  if (position < 0) return null;
  const before = text.slice(text.lastIndexOf('\n', position - 1) + 1, position);
  return /^ *$/.test(before) ? before : null;
}

function startOf(node: unknown): number | null {
  return isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? null) : null;
}

/** Where the last value inside a node ends. */
function endOf(node: unknown): number | null {
  if (isPair(node)) return endOf(node.value) ?? endOf(node.key);
  if (isCollection(node) && !node.flow && node.items.length > 0) return endOf(node.items.at(-1));
  return isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[1] ?? null) : null;
}
