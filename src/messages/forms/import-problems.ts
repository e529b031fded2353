const TAKES =
  'It accepts the text of a usage page with lines such as "1,614/1,000,000 credits used", history as CSV (meter,used,total,observedAt), or the JSON of POST /v1/usage.';
const HEADER = 'meter,used,total,observedAt[,remaining,periodStart,periodEnd,unit,label]';

/** Why a text or file cannot be imported. */
export type ImportProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-many-lines'; readonly lines: number; readonly most: number }
  | { readonly kind: 'no-figures'; readonly notes: readonly string[]; readonly more: number }
  | { readonly kind: 'not-json'; readonly why: string }
  /** `why`: the problem of the body, as `POST /v1/usage` words it. */
  | { readonly kind: 'bad-body'; readonly why: string }
  | { readonly kind: 'no-readings' }
  | { readonly kind: 'several-sources'; readonly sources: readonly string[] }
  | { readonly kind: 'too-large'; readonly mostMb: number }
  | { readonly kind: 'unknown-columns'; readonly names: readonly string[] }
  | { readonly kind: 'missing-columns'; readonly names: readonly string[] }
  | { readonly kind: 'repeated-columns'; readonly names: readonly string[] }
  /** `line`: the line before the problem, if it is known. */
  | { readonly kind: 'not-csv'; readonly why: string; readonly line: number | null };

/** Describes why a text or file cannot be imported, and what to do. */
export function importProblemText(problem: ImportProblem): string {
  switch (problem.kind) {
    case 'empty':
      return `There is nothing in it. ${TAKES}`;
    case 'too-many-lines':
      return `It has ${problem.lines.toLocaleString('en')} lines, and a usage page has at most ${problem.most.toLocaleString('en')}. Paste the part with the credits. ${TAKES}`;
    case 'no-figures':
      return [
        `No figures found. ${TAKES}`,
        ...problem.notes.map((note) => `  ${note}`),
        ...(problem.more > 0 ? [`  and ${String(problem.more)} more lines`] : []),
      ].join('\n');
    case 'not-json':
      return `It looks like JSON but is not: ${problem.why}`;
    case 'bad-body':
      return `In the JSON ${problem.why}.`;
    case 'no-readings':
      return 'The JSON has no list "readings". It accepts the body of POST /v1/usage, or the answer of GET /v1/usage.';
    case 'several-sources':
      return `The figures are from several sources (${problem.sources.join(', ')}). Import each separately.`;
    case 'too-large':
      return `Text and JSON may have up to ${String(problem.mostMb)} MB. Write history as CSV of any size (meter,used,total,observedAt), or send JSON in parts.`;
    case 'unknown-columns':
      return `Unknown ${problem.names.length === 1 ? 'column' : 'columns'} ${problem.names.map((name) => `"${name}"`).join(', ')}. Expected: ${HEADER}.`;
    case 'missing-columns':
      return `The header lacks ${problem.names.join(', ')}. Expected: ${HEADER}.`;
    case 'repeated-columns':
      return `The header has ${problem.names.join(', ')} twice. Remove one of them.`;
    case 'not-csv':
      return `This is not CSV${problem.line === null ? '' : ` after line ${String(problem.line)}`}: ${problem.why}.`;
  }
}

/** Why one row of a table is rejected, after its line number. */
export const ROW_PROBLEMS = {
  tooManyCells: 'has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out',
  undecodable: 'contains characters that could not be decoded: save the file as UTF-8 ("CSV UTF-8" in Excel)',
} as const;
