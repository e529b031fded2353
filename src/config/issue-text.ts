import type { z } from 'zod';
import { oneOfText } from '../core/text/join-list.ts';

/**
 * Returns the text for a mistake that a schema found, or undefined for zod's own text. Schemas with their own text do not use it. Values
 * are never repeated, because they may be secrets.
 */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'is missing: it ' : ''}must be ${named(issue.expected)}`;
    case 'invalid_value':
      return `must be ${oneOfText(issue.values.map(String))}`;
    case 'invalid_union':
      return 'does not have an allowed form';
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_small':
      return issue.origin === 'string'
        ? 'must not be empty'
        : issue.origin === 'array'
          ? 'must have at least one entry'
          : `must be ${String(issue.minimum)} or more`;
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `must have at most ${String(issue.maximum)} ${issue.origin === 'string' ? 'characters' : 'entries'}`
        : `must be ${String(issue.maximum)} or less`;
    default:
      return undefined;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function named(type: string): string {
  return NAMES[type] ?? type;
}
