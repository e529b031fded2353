/** Why a command copied as cURL is not understood. `option`: as it was typed; null if it may be a secret. */
export type CurlProblem =
  | { readonly kind: 'empty' | 'not-curl' | 'power-shell' | 'fetch' | 'not-closed' | 'several' | 'no-url' | 'bad-url' | 'two-urls' }
  | { readonly kind: 'too-large'; readonly mostKib: number }
  | { readonly kind: 'unknown-option' | 'no-value'; readonly option: string | null }
  /** The option takes its value from a file. */
  | { readonly kind: 'file'; readonly option: string }
  | { readonly kind: 'method'; readonly method: string | null };

/** Why a file is no HAR: `cut-off`: its end is missing. `entry`: which of its entries is damaged, from 1. */
export type HarProblem =
  | { readonly kind: 'empty' | 'cut-off' | 'not-json' | 'not-har' | 'no-entries' | 'not-inflated' }
  | { readonly kind: 'too-large'; readonly mostMb: number }
  | { readonly kind: 'no-entry-fits'; readonly entry: number; readonly field: string };

const COPY =
  "In the browser's developer tools, open Network, right-click the request and choose Copy, Copy as cURL (bash), or Copy as cURL (cmd) on Windows.";

/** Asks for the command, if standard input is a terminal. */
export const PASTE_COMMAND =
  'Paste the command that the browser copied as cURL, then press Enter and Ctrl-D (on Windows Ctrl-Z and Enter):';

/** Describes why a command was not understood. Repeats none of its values. */
export function curlProblemText(problem: CurlProblem): string {
  switch (problem.kind) {
    case 'empty':
      return `No command came in. ${COPY}`;
    case 'not-curl':
      return `This is not a cURL command: it must begin with curl. ${COPY}`;
    case 'power-shell':
      return `This is a command for PowerShell. ${COPY}`;
    case 'fetch':
      return `This was copied as fetch. ${COPY}`;
    case 'not-closed':
      return 'A quotation mark of the command is not closed, so its end is missing. Copy the whole command again.';
    case 'several':
      return 'These are several commands. Copy only the request whose answer has the figures.';
    case 'no-url':
      return 'The command has no address. Copy the whole command again.';
    case 'bad-url':
      return 'The address of the command is not an http or https URL. Copy the whole command again.';
    case 'two-urls':
      return 'The command has several addresses, or a value with a space that is not in quotation marks. Copy it again.';
    case 'too-large':
      return `The command is longer than ${String(problem.mostKib)} KiB. Copy only the request whose answer has the figures.`;
    case 'unknown-option':
      return `The command has an option that is not supported${named(problem.option)}. Remove it, or copy the request again.`;
    case 'no-value':
      return `An option of the command has no value${named(problem.option)}. Copy the whole command again.`;
    case 'file':
      return `${problem.option} takes its value from a file, which is not read. Put the value into the command.`;
    case 'method':
      return `The request is not a GET or POST${problem.method === null ? '' : ` but a ${problem.method}`}. Choose another request whose answer has the figures.`;
  }
}

function named(option: string | null): string {
  return option === null ? '' : `: ${option}`;
}

const SAVE = "In the browser's developer tools, open Network, load the usage page, and choose Export HAR.";

/** Describes why a HAR cannot be used. Repeats none of its values. */
export function harProblemText(file: string, problem: HarProblem): string {
  switch (problem.kind) {
    case 'empty':
      return `${file} is empty. ${SAVE}`;
    case 'cut-off':
      return `${file} is incomplete: its end is missing. Save it again.`;
    case 'not-json':
      return `${file} is not a HAR: it is not JSON. ${SAVE}`;
    case 'not-inflated':
      return `${file} is compressed and cannot be decompressed: it is damaged or far too large. Save it again.`;
    case 'not-har':
      return `${file} is JSON but not a HAR: it has no list log.entries. ${SAVE}`;
    case 'no-entries':
      return `${file} has no requests. Load the usage page while Network is open, and save it again.`;
    case 'too-large':
      return `${file} is larger than ${String(problem.mostMb)} MB. Clear the list of requests, load only the usage page, and save it again.`;
    case 'no-entry-fits':
      return `No entry of ${file} has the form of a HAR. Entry ${String(problem.entry)} has a missing or wrong field ${problem.field}. Save it again.`;
  }
}

/** No answer of a HAR looks like usage. */
export function noUsageInHarText(
  file: string,
  { entries, answers, unsaved }: { readonly entries: number; readonly answers: number; readonly unsaved: number },
): string {
  const found = `No figures found in ${file}: of ${String(entries)} requests, ${String(answers)} have a JSON answer, and none looks like usage.`;
  return unsaved === 0
    ? `${found} Load the page that shows the figures, and save it again.`
    : `${found} The browser did not save ${String(unsaved)} answers: use Export HAR with content.`;
}

/** There is no exchange of this number. */
export function noSuchPickText(pick: string, most: number): string {
  return `--pick must be a number from 1 to ${String(most)}, not ${pick}.`;
}

/** The answer to a command is JSON, but nothing in it looks like usage. */
export const NO_USAGE_IN_ANSWER =
  'The answer has no figures that look like usage. Choose the request whose answer has the figures of the page.';

/** The request of a command got no usable answer. `reason`: without a full stop. */
export function noAnswerText(host: string, reason: string, isRefused: boolean): string {
  return isRefused
    ? `${host}: ${reason}. The session may have expired, or the key may not read this. Sign in again, copy the command again, and import it at once.`
    : `${host}: ${reason}. Check the request in the browser, then copy it again. If the address is a private one of your own, add it to allowHosts in creditwatch.yml.`;
}

/** The answer of a command is no JSON. */
export const NOT_JSON = 'the answer is not JSON';
/** None of the expressions gives a figure that can be stored. */
export const NO_FIGURE_FITS = 'The answer looks like usage, but none of its figures can be used.';
/** Something that may be a secret would have been shown. */
export const SECRET_LEFT = 'The source was not made, because a secret of the request would stand in it. Write it by hand: docs/sources.md.';

/** The name of a source is not allowed. */
export const BAD_ID = '--source must be a name of 1 to 200 characters, without a slash.';

/** The source cannot be polled as it was proposed. */
export function notASourceText(messages: readonly string[]): string {
  return `The request cannot become a source: ${messages.join('; ')}.`;
}
