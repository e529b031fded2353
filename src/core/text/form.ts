/** Something to fill in before there is an answer: a dialog in Slack, a card with fields in Teams. */
export type Form = {
  /** Names it, and behind a space what it is about: `import`, `reset-day abmatic`. It comes back from outside with what was filled in. */
  readonly id: string;
  /** At most 24 characters. */
  readonly title: string;
  /** The button that sends it, at most 24 characters. */
  readonly submit: string;
  /** Above the fields. */
  readonly text?: string;
  /** None where there is only something to read and to agree to. */
  readonly fields: readonly Field[];
};

type Field = {
  /** The key of its value in what comes back. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly optional?: true;
  /** The text that is filled in already. */
  readonly value?: string;
} &
  /** Text of one line, or of many. */
  (
    | { readonly kind: 'line' | 'paragraph' }
    | { readonly kind: 'choice'; readonly choices: readonly { readonly label: string; readonly value: string }[] }
  );
