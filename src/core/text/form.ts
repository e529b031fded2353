/** A form to fill in: a dialog in Slack, a card with fields in Teams. */
export type Form = {
  /**
   * The name of the form and, after a space, its subject: `import`, `reset-day abmatic`. It comes back with the values as untrusted
   * input.
   */
  readonly id: string;
  /** At most 24 characters. */
  readonly title: string;
  /** The label of the submit button, at most 24 characters. */
  readonly submit: string;
  /** Above the fields. */
  readonly text?: string;
  /** Empty if there is only something to confirm. */
  readonly fields: readonly Field[];
};

type Field = {
  /** The key of its value in the submitted values. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly optional?: true;
  /** The initial value. */
  readonly value?: string;
} &
  /** Text of one line, or of many. */
  (
    | { readonly kind: 'line' | 'paragraph' }
    | { readonly kind: 'choice'; readonly choices: readonly { readonly label: string; readonly value: string }[] }
  );
