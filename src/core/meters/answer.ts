import { z } from 'zod';
import type { Period } from '../time/period.ts';
import { figureFields } from './figure-fields.ts';

/**
 * What an expression found, by kind. Values of text are never kept or shown, because an answer may hold secrets and personal data.
 * `size`: the characters of a text, or the entries of a list.
 */
export const shapeSchema = z.object({
  kind: z.enum(['nothing', 'null', 'number', 'negative', 'yes-no', 'text', 'time', 'list', 'group', 'failure']),
  size: z.int().exactOptional(),
});
export type Shape = z.infer<typeof shapeSchema>;

export const answerFields = [...figureFields, 'unit', 'periodStart', 'periodEnd', 'observedAt'] as const;
export type AnswerField = (typeof answerFields)[number];

/** Where an expression is written: its key below the source in creditwatch.yml, and the preset that it comes from; null if the file has it. */
export const originSchema = z.object({ setting: z.string(), preset: z.string().nullable() });

/** The result of one expression of a meter. */
export type FieldAnswer = {
  readonly field: AnswerField;
  readonly expression: string;
  readonly shape: Shape;
  /** `none`: the vendor says that there is none, such as an unlimited total. `broken`: nothing, or nothing that can be used. */
  readonly state: 'fits' | 'none' | 'broken';
  readonly origin: z.infer<typeof originSchema>;
};

/** Figures as plain decimals, as the answer or a constant has them. A total of null is unlimited. */
export type Figures = {
  readonly used?: string | undefined;
  readonly remaining?: string | undefined;
  readonly total?: string | null | undefined;
};

/** One meter in an answer. */
export type MeterAnswer = {
  readonly key: string;
  /** The expressions and constants of its figures as text. After a change of it, nothing is known of the meter. */
  readonly mapping: string;
  /** False for a balance. */
  readonly resets: boolean;
  readonly fields: readonly FieldAnswer[];
  /** Null if the meter has no reading. */
  readonly figures: Figures | null;
  /** The period that the answer states; null if it states none. */
  readonly period: Period | null;
};

type Problem = { readonly reason: string; readonly remedy: string };

/** What a poll shows about the answers of a vendor. */
export type Answer =
  | { readonly kind: 'evaluated'; readonly meters: readonly MeterAnswer[] }
  /** 401 or 403. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** 404 or 410, or the body is not JSON that expressions can be evaluated over, or an earlier answer has no value for the requests after it. */
  | { readonly kind: 'unreadable'; readonly problem: Problem }
  /** A mailbox was read. Its mails have no form that could change. */
  | { readonly kind: 'reached' }
  /** No answer that says anything about its form: a timeout, an error of the vendor. */
  | { readonly kind: 'unknown' };
