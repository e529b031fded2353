import type { FigureProblem } from './numbers/figures.ts';

/** Why the figures of a line on a usage page are not imported, or not all of them. */
export type LineProblem =
  | {
      readonly kind:
        | 'too-long'
        | 'undecodable'
        | 'not-read'
        | 'nameless'
        | 'unclear-name'
        | 'other-period'
        | 'one-member'
        | 'other-figures'
        | 'unexplained'
        | 'no-figures'
        | 'inexact'
        | 'sums-differ'
        | 'unsure'
        | 'no-total'
        | 'negative'
        | 'more-left-than-total'
        | 'money-and-other';
    }
  | { readonly kind: 'too-many-meters'; readonly most: number }
  | { readonly kind: 'two-units'; readonly units: readonly [string, string] }
  | { readonly kind: 'bad-number'; readonly number: string; readonly problem: FigureProblem }
  /** The figures are read by convention, as no other word says what they are. */
  | { readonly kind: 'unknown-words'; readonly words: readonly string[] }
  /** Only these numbers are ignored. */
  | { readonly kind: 'spare-numbers'; readonly numbers: readonly string[] };

/** A note on one line, or on a meter that an earlier line has already. */
export type PageNote =
  { readonly line: number; readonly text: string; readonly problem: LineProblem } | { readonly line: number; readonly repeated: string };

/** The position of a reading: a line of a table or page, or its number in a list. */
export type ImportPlace = { readonly line: number } | { readonly reading: number };

/** Why a row of a table, or a reading of a list, is not imported. */
export type RowProblem =
  | { readonly kind: 'too-many-cells' | 'undecodable' }
  | { readonly kind: 'bad-figure'; readonly field: string; readonly number: string; readonly problem: FigureProblem };

/** Text that looks like figures but could not be read, with its position and the reason. */
export type ImportNote = PageNote | { readonly at: ImportPlace; readonly problem: RowProblem };

/** Why a body is not a list of readings. */
export type BodyProblem =
  | { readonly kind: 'not-json'; readonly why: string | null }
  | { readonly kind: 'unknown-field'; readonly field: string }
  | { readonly kind: 'bad-source' | 'no-list' };

/** Why a text or file cannot be imported. */
export type ImportProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-many-lines'; readonly lines: number; readonly most: number }
  | { readonly kind: 'no-figures'; readonly notes: readonly ImportNote[]; readonly more: number }
  | { readonly kind: 'not-json'; readonly why: string }
  | { readonly kind: 'bad-body'; readonly problem: BodyProblem }
  | { readonly kind: 'no-readings' }
  | { readonly kind: 'several-sources'; readonly sources: readonly string[] }
  | { readonly kind: 'too-large'; readonly mostMb: number }
  | { readonly kind: 'unknown-columns'; readonly names: readonly string[] }
  | { readonly kind: 'missing-columns'; readonly names: readonly string[] }
  | { readonly kind: 'repeated-columns'; readonly names: readonly string[] }
  /** `line`: the line before the problem, if it is known. */
  | { readonly kind: 'not-csv'; readonly why: string; readonly line: number | null };
