import { isMap, isScalar, Document } from 'yaml';

/** A source as creditwatch.yml writes it, with comments above its meters. */
export type SourceEntry = {
  readonly source: Readonly<Record<string, unknown>> & { readonly id: string };
  /** By the key of a meter. */
  readonly comments: Readonly<Record<string, string>>;
};

const STYLE = { lineWidth: 0, blockQuote: 'literal' } as const;

/** Writes a source as one entry of a list: lines from `- id: …` on, each with its line break. */
export function entryText({ source, comments }: SourceEntry): string {
  const document = new Document([source]);
  const meters = document.getIn([0, 'meters']);
  if (isMap(meters))
    for (const { key } of meters.items) {
      const comment = isScalar(key) ? comments[String(key.value)] : undefined;
      if (isScalar(key) && comment !== undefined) key.commentBefore = ` ${comment}`;
    }
  return document.toString(STYLE);
}

/** Writes a source on one line, for a list in brackets. */
export function entryLine({ source }: SourceEntry): string {
  const document = new Document(source);
  if (isMap(document.contents)) document.contents.flow = true;
  return document.toString({ ...STYLE, flowCollectionPadding: true }).trim();
}

/** Indents lines, except empty ones. */
export function indented(lines: string, indent: string): string {
  return lines.replaceAll(/^(?=.)/gm, indent);
}
