import { presentable } from '../../core/meters/meter.ts';
import { LONGEST_LABEL, type Button, type Message } from '../../core/text/message.ts';
import { pasteButton } from '../forms/import.ts';
import { code, richText, strong } from '../../core/text/rich-text.ts';

/** The database does not answer. Nothing is lost; figures only cannot be read now. */
export const FIGURES_UNAVAILABLE = 'Figures are temporarily unavailable; alerts are kept. Try again in a minute.';
export const UNAVAILABLE = plain(FIGURES_UNAVAILABLE);

/** The same for an import. Some figures may have been saved; a second import recognizes them. */
export const NOT_TAKEN_NOW =
  'The database is temporarily unavailable, so not everything was saved. Import it again in a minute. Nothing is counted twice.';

/** A bug of Creditwatch. */
export const BROKEN = plain('That did not work. The log of Creditwatch says why. Alerts are kept.');

/** In a channel, if a private answer could only be sent as a direct message. */
export const ANSWERED_IN_PRIVATE = plain('I answered you in a direct message.');

/** The same, if the answer could not be sent at all. */
export const NOT_REACHED_IN_PRIVATE = plain(
  'The answer is only for you, and I could not send you a direct message. Add Creditwatch to your chats and ask me there.',
);

/** For a request from a workspace, or a tenant, that no account lists. */
export function unknownWorkspace(id: string): Message {
  return plain(`Creditwatch does not know this workspace (${id}). Ask the person who runs Creditwatch to add it to an account.`);
}

/** How the command is typed, and whether in a terminal, which has no buttons and no forms. */
type Asking = { readonly invokedAs: string; readonly inTerminal?: true };

/** The account has no figures. */
export function noFigures(requester: Asking): Message {
  return {
    summary: richText`No figures yet.`,
    title: richText`No figures yet.`,
    lines: [
      requester.inTerminal
        ? richText`Fastest: open the vendor's usage page, copy everything into a file, then ${code('npx creditwatch import <file>')}`
        : richText`Fastest: open the vendor's usage page, copy everything, and paste it: ${code(`${requester.invokedAs} import`)}`,
      richText`Or push them: POST /v1/usage with the ingest key.`,
    ],
    buttons: [pasteButton()],
  };
}

/** A suggested meter, with the corrected command. */
type Offer = { readonly label: string; readonly command: string };

/** The most names that a terminal shows. It has no button that lists them all. */
const MOST_NAMES = 12;

/**
 * The reply to an unknown meter: suggests the nearest one. Without one, a terminal shows the existing names.
 *
 * @param found.isCutShort whether there are too many meters to compare each name with the typed one
 */
export function unknownMeter(
  asked: string,
  {
    nearest,
    names,
    isCutShort = false,
  }: { readonly nearest: Offer | null; readonly names: readonly string[]; readonly isCutShort?: boolean },
  { invokedAs, inTerminal }: Asking,
): Message {
  const title =
    nearest === null
      ? richText`No meter "${presentable(asked, 80)}".`
      : richText`No meter "${presentable(asked, 80)}". Did you mean ${strong(nearest.label)}?`;
  const button: Button =
    nearest === null
      ? { action: 'show', label: 'All meters', value: '' }
      : { action: 'show', label: 'Show', value: nearest.command, primary: true };
  const more = names.length - MOST_NAMES;
  const there = richText`${names.length === 1 ? 'The only meter' : 'Meters'}: ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}.`;
  return {
    summary: title,
    title,
    lines: [
      ...(isCutShort ? [richText`There are too many meters to look for similar names. Type the full name of the meter.`] : []),
      ...(inTerminal && nearest === null && names.length > 0 ? [there] : []),
      richText`All meters: ${code(invokedAs)}`,
    ],
    buttons: [button],
  };
}

/** The reply to a text that contains the name of a meter among other words: a button shows the meter. */
export function meantMeter(meant: Offer, { invokedAs, inTerminal }: Asking): Message {
  const title = richText`Did you mean ${strong(meant.label)}?`;
  return {
    summary: title,
    title,
    lines: inTerminal ? [richText`Then type: ${code(`${invokedAs} ${meant.command}`)}`] : [richText`All meters: ${code(invokedAs)}`],
    buttons: [{ action: 'show', label: 'Show', value: meant.command, primary: true }],
  };
}

/** The most meters to choose from. */
const MOST_OFFERS = 5;

/**
 * The reply to a name that matches several meters. If their labels are equal, the source is added. On a button it comes first, because the
 * end may be cut off.
 */
export function severalMeters(asked: string, offers: readonly (Offer & { readonly source: string })[]): Message {
  const shown = offers.slice(0, MOST_OFFERS);
  const more = offers.length - shown.length;
  const isAlone = ({ label }: Offer) => offers.filter((one) => one.label === label).length === 1;
  const title = richText`"${presentable(asked, 80)}" could be ${shown.map((one) => (isAlone(one) ? one.label : `${one.label} of ${one.source}`)).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}. Which one?`;
  return {
    summary: title,
    title,
    lines: [],
    buttons: shown.map((one) => ({
      action: 'show',
      label: presentable(isAlone(one) ? one.label : `${one.source}: ${one.label}`, LONGEST_LABEL),
      value: one.command,
    })),
  };
}

/** The reply to a command that needs a meter but names none. */
export function whichMeter(offers: readonly Offer[], typed: string): Message {
  const title = richText`Which meter?`;
  const [first] = offers;
  const buttons = offers
    .slice(0, MOST_OFFERS)
    .map((one): Button => ({ action: 'show', label: presentable(one.label, LONGEST_LABEL), value: one.command }));
  return {
    summary: title,
    title,
    lines: first === undefined ? [] : [richText`For example: ${code(`${typed} ${first.command}`)}`],
    buttons,
  };
}

/** The reply to the name of a meter if the account has no meters. */
export function noMeterYet(asked: string, requester: Asking): Message {
  const title = richText`No meter "${presentable(asked, 80)}".`;
  const none = noFigures(requester);
  return { ...none, summary: title, title, lines: [none.title, ...none.lines] };
}

/** A submitted form that this version does not know. */
export const FORM_GONE = plain('This form is out of date. Ask again.');

/** A clicked button that this version does not know. */
export const BUTTON_GONE = plain('This button is out of date. Ask again.');

/** For a person of another organization in a shared channel. */
export const FOR_MEMBERS = plain('Only members of the workspace that Creditwatch serves can do that. Ask one of them.');

/** For a guest who tries to change something. */
export const NOT_FOR_GUESTS = plain('Guests cannot do that. Ask a member of the workspace.');

/** For a person whom the platform cannot identify now. Until it can, the answer is no. */
export const WHO_UNKNOWN = plain('I cannot check who you are right now. Try again in a minute.');

/** The problems of a submitted form, if they cannot be shown in the form. */
export function notTaken(problems: readonly string[]): Message {
  const title = richText`That was not saved.`;
  return { summary: title, title, lines: problems.map((problem) => richText`${problem}`) };
}

function plain(sentence: string): Message {
  return { summary: richText`${sentence}`, title: richText`${sentence}`, lines: [] };
}
