/** Why a source cannot be added to the text of creditwatch.yml. */
export type AddSourceProblem =
  | { readonly kind: 'not-yaml' | 'not-a-list' }
  | { readonly kind: 'id-exists'; readonly id: string }
  | { readonly kind: 'unknown-account'; readonly account: string; readonly accounts: readonly string[] }
  | { readonly kind: 'choose-account'; readonly accounts: readonly string[] };

/** Why a source could not be added to creditwatch.yml. */
export type ConfigFileProblem =
  | AddSourceProblem
  | { readonly kind: 'changed' }
  | { readonly kind: 'unreadable' | 'not-written'; readonly code: string }
  | { readonly kind: 'not-valid'; readonly mistakes: readonly string[] };

/** Words why a source could not be added. Nothing was written. */
export function configFileProblemText(file: string, problem: ConfigFileProblem): string {
  switch (problem.kind) {
    case 'not-yaml':
      return `${file} is not YAML, or does not consist of keys. Correct it first: npx creditwatch doctor`;
    case 'not-a-list':
      return `sources in ${file} is not a list. Correct it first: npx creditwatch doctor`;
    case 'changed':
      return `${file} was changed meanwhile, and nothing was written. Run the command again.`;
    case 'unreadable':
      return `${file} cannot be read (${problem.code}). Check who may read it.`;
    case 'not-written':
      return `${file} cannot be written (${problem.code}). Check who may write it, and the disk.`;
    case 'id-exists':
      return `${file} already has a source ${problem.id}. Choose another name: --source <id>`;
    case 'unknown-account':
      return `There is no account "${problem.account}". There are: ${problem.accounts.join(', ')}.`;
    case 'choose-account':
      return `There are several accounts. Choose one with --account: ${problem.accounts.join(', ')}.`;
    case 'not-valid':
      return ['The source was not written, because it would not be valid:', ...problem.mistakes.map((one) => `  ${one}`)].join('\n');
  }
}
