import { presentable } from '../../core/meters/meter.ts';
import { LONGEST_LABEL, type Button, type Message } from '../../core/text/message.ts';
import { pasteButton } from '../forms/import.ts';
import { code, richText, strong } from '../../core/text/rich-text.ts';

/** The database does not answer: nothing is lost, only not to be read now. */
export const FIGURES_UNAVAILABLE = 'Figures are temporarily unavailable; alerts are kept. Try again in a minute.';
export const UNAVAILABLE = plain(FIGURES_UNAVAILABLE);

/** The same, to whoever brings figures: some may have been taken, and are known the next time. */
export const NOT_TAKEN_NOW =
  'The database is temporarily unavailable, so not everything was saved. Import it again in a minute. Nothing is counted twice.';

/** A fault of ours. */
export const BROKEN = plain('That did not work. The log of Creditwatch says why. Alerts are kept.');

/** In the open, to somebody whose answer is for them alone and could only be given elsewhere. */
export const ANSWERED_IN_PRIVATE = plain('I answered you in a direct message.');

/** The same, when it could be given nowhere. */
export const NOT_REACHED_IN_PRIVATE = plain(
  'The answer is only for you, and I could not send you a direct message. Add Creditwatch to your chats and ask me there.',
);

/** Somebody asks from a workspace, or a tenant, that no account names. */
export function unknownWorkspace(id: string): Message {
  return plain(`Creditwatch does not know this workspace (${id}). Ask the person who runs Creditwatch to add it to an account.`);
}

/** How and where somebody asks: a terminal has no forms and no channel. */
type Asking = { readonly invokedAs: string; readonly inTerminal?: true };

/** Before there is anything to show. */
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

/** A meter with the command that asks for it instead of what was typed. */
type Offer = { readonly label: string; readonly command: string };

/** So many names a terminal shows, where nobody can press a button to see them. */
const MOST_NAMES = 12;

/**
 * An unknown meter, with the nearest one; in a terminal else the names that are there.
 *
 * @param there.isCutShort there are so many meters that not every name was compared with what was typed
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
      ...(isCutShort ? [richText`There are too many meters to compare each name with that. Type the whole name of the meter.`] : []),
      ...(inTerminal && nearest === null && names.length > 0 ? [there] : []),
      richText`All meters: ${code(invokedAs)}`,
    ],
    buttons: [button],
  };
}

/** A meter that was named among other words: one press shows it. */
export function meantMeter(meant: Offer, { invokedAs, inTerminal }: Asking): Message {
  const title = richText`Did you mean ${strong(meant.label)}?`;
  return {
    summary: title,
    title,
    lines: inTerminal ? [richText`Then type: ${code(`${invokedAs} ${meant.command}`)}`] : [richText`All meters: ${code(invokedAs)}`],
    buttons: [{ action: 'show', label: 'Show', value: meant.command, primary: true }],
  };
}

/** More than this nobody chooses from. */
const MOST_OFFERS = 5;

/** A name that fits several meters. Those that are called alike are told apart by their sources, on the buttons in front, where nothing is cut. */
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

/** A command about one meter, and none was named. */
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

/** A meter asked for before there is any. */
export function noMeterYet(asked: string, requester: Asking): Message {
  const title = richText`No meter "${presentable(asked, 80)}".`;
  const none = noFigures(requester);
  return { ...none, summary: title, title, lines: [none.title, ...none.lines] };
}

/** A form of a message that an older version, or nobody, has sent. */
export const FORM_GONE = plain('This form is out of date. Ask again.');

/** A button that a message of another version has. */
export const BUTTON_GONE = plain('This button is out of date. Ask again.');

/** To somebody from another company, in a channel that both share. */
export const FOR_MEMBERS = plain('Only members of the workspace that Creditwatch serves can do that. Ask one of them.');

/** To a guest who would change something for everybody. */
export const NOT_FOR_GUESTS = plain('Guests cannot do that. Ask a member of the workspace.');

/** To somebody of whom the platform does not say now who they are: that is no until it is known. */
export const WHO_UNKNOWN = plain('I cannot check who you are right now. Try again in a minute.');

/** What was filled in, when there is no form left to say it in. */
export function notTaken(problems: readonly string[]): Message {
  const title = richText`That was not saved.`;
  return { summary: title, title, lines: problems.map((problem) => richText`${problem}`) };
}

function plain(sentence: string): Message {
  return { summary: richText`${sentence}`, title: richText`${sentence}`, lines: [] };
}
