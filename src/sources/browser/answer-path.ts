import { nameParts } from './secret-text.ts';

/** A step from a value of an answer to one inside it. `entry`: the one of a list with this value in a field. */
type Step =
  | { readonly to: 'field'; readonly name: string }
  | { readonly to: 'entry'; readonly field: string; readonly value: string }
  | { readonly to: 'first' };

export type AnswerPath = readonly Step[];

/** Returns the parts of the name of a step. The first of a list has no name. */
export function namePartsOf(step: Step): readonly string[] {
  return step.to === 'first' ? [] : nameParts(step.to === 'field' ? step.name : step.value);
}

/** Words of JSONata that would not be read as names. */
const KEYWORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function', 'λ']);

/** Returns the JSONata expression that leads to a value. Names that are no identifiers are quoted. */
export function expressionOf(path: AnswerPath): string {
  let expression = '';
  for (const step of path) {
    if (step.to === 'field') expression = fieldOf(expression, step.name);
    else if (step.to === 'first') expression = `${expression === '' ? '$' : expression}[0]`;
    else expression = `${expression === '' ? '$' : expression}[${fieldOf('', step.field)}=${JSON.stringify(step.value)}]`;
  }
  return expression === '' ? '$' : expression;
}

function fieldOf(expression: string, name: string): string {
  // A quoted name ends at the next quotation mark: JSONata has no way to write one in it.
  if (name.includes('`') || name === '') return `$lookup(${expression === '' ? '$' : expression}, ${JSON.stringify(name)})`;
  const written = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name) ? name : `\`${name}\``;
  return expression === '' ? written : `${expression}.${written}`;
}

/** Returns how many steps two paths have in common, from the start. */
export function commonSteps(a: AnswerPath, b: AnswerPath): number {
  const end = a.findIndex((step, index) => JSON.stringify(step) !== JSON.stringify(b[index]));
  return end === -1 ? a.length : end;
}
