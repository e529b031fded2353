import { oneOfText } from '../../core/text/join-list.ts';
import { richText, type RichText } from '../../core/text/rich-text.ts';

/** Something that a preset needs and that was not given. */
export type Missing =
  | { readonly kind: 'key'; readonly variable: string; readonly is: string }
  | { readonly kind: 'value'; readonly name: string; readonly is: string; readonly example: string }
  | { readonly kind: 'url' };

/** No preset has this name. `like`: the names that may have been meant. `hasPage`: the usage page of the vendor is known. */
export function unknownVendorText(name: string, like: readonly string[], hasPage = false): string {
  if (hasPage)
    return `There is no preset "${name}", but its usage page is known. Paste it with /usage import, or have it captured: npx creditwatch capture ${name}`;
  const hint = like.length === 0 ? 'To list all: npx creditwatch presets.' : `Did you mean ${oneOfText(like.slice(0, 3))}?`;
  return `There is no preset "${name}". ${hint} Any other vendor: npx creditwatch import --curl`;
}

/** Asks for the key. What is typed is not shown. */
export function askForKeyText({
  variable,
  kind,
  page,
}: {
  readonly variable: string;
  readonly kind: string;
  readonly page: string | null;
}): string {
  return `${variable}: ${kind}${page === null ? '' : ` (${page})`}. What you type is not shown: `;
}

/** Asks for a value of the account. */
export function askForValueText({ name, is, example }: { readonly name: string; readonly is: string; readonly example: string }): string {
  return `${name}: ${is}, such as ${example}: `;
}

/** Asks for an endpoint of the operator's own. */
export function askForUrlText(label: string): string {
  return `The address of your own endpoint for ${label}: `;
}

/** Standard input is no terminal, so nothing can be asked. */
export function missingText(preset: string, missing: readonly Missing[]): string {
  const lines = missing.map((one) => {
    switch (one.kind) {
      case 'key':
        return `  ${one.is}: set the variable ${one.variable}`;
      case 'value':
        return `  ${one.is}: add --value ${one.name}=${one.example}, with yours`;
      case 'url':
        return '  the address of your own endpoint: add --url <address>';
    }
  });
  return [`The preset ${preset} needs more:`, ...lines].join('\n');
}

/** A question was answered with nothing. */
export const NOTHING_TYPED = 'Nothing was added, because an answer was empty. Run the command again.';

/** A `--value` has no name or no value. `names`: those that the preset has. */
export function badValueText(names: readonly string[]): string {
  return names.length === 0
    ? 'This preset has no values: leave out --value.'
    : `--value must be name=value, with the name ${oneOfText(names)}.`;
}

/** The poll failed. `reason`: without a full stop. */
export function notAddedText(id: string, reason: string): string {
  return `${id}: ${reason}. Nothing was added. Correct the key or the values, and run the command again.`;
}

/** The line above the figures. */
export function figuresFoundText(label: string): RichText {
  return richText`${label} answered. Compare the figures with the page:`;
}

/** A vendor was added to the file. `variable`: of its key; null if it needs none. */
export function addedPresetText({
  id,
  file,
  basis,
  variable,
}: {
  readonly id: string;
  readonly file: string;
  readonly basis: string;
  readonly variable: string | null;
}): string {
  const key = variable === null ? '' : ` Set ${variable} in the environment of Creditwatch; it is not stored.`;
  return `Added ${id} to ${file} (${basis}).${key} Restart Creditwatch to poll it.`;
}
