import type { ImportProblem } from '../../core/text/import-problem.ts';
import { bodyProblemText } from '../replies/push.ts';
import { importNoteText } from './import-notes.ts';

const TAKES =
  'It accepts the text of a usage page with lines such as "1,614/1,000,000 credits used", history as CSV (meter,used,total,observedAt), or the JSON of POST /v1/usage.';
const HEADER = 'meter,used,total,observedAt[,remaining,periodStart,periodEnd,unit,label]';

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
        ...problem.notes.map((note) => `  ${importNoteText(note)}`),
        ...(problem.more > 0 ? [`  and ${String(problem.more)} more lines`] : []),
      ].join('\n');
    case 'not-json':
      return `It looks like JSON but is not: ${problem.why}`;
    case 'bad-body':
      return `In the JSON, ${bodyProblemText(problem.problem)}.`;
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
