import type { Message } from './message.ts';
import { PASTE_BUTTON } from './imported.ts';
import { code, say, strong } from './phrase.ts';

/** The database does not answer: nothing is lost, only not to be read now. */
export const UNAVAILABLE = plain('Figures are temporarily unavailable; alerts are kept. Try again in a minute.');

/** A fault of ours. */
export const BROKEN = plain('That did not work, and the log of Creditwatch says why. Alerts are kept.');

/** Somebody asks from a workspace, or a tenant, that no account names. */
export function unknownWorkspace(id: string): Message {
  return plain(`Creditwatch does not know this workspace (${id}). Ask whoever runs it to add it to an account.`);
}

/** Before there is anything to show. */
export function noFigures(invokedAs: string): Message {
  return {
    summary: say`No figures yet.`,
    title: say`No figures yet.`,
    lines: [
      say`Fastest: open the vendor's usage page, copy everything, and paste it: ${code(`${invokedAs} import`)}`,
      say`Or push them: POST /v1/usage with the ingest key.`,
    ],
    buttons: [PASTE_BUTTON],
  };
}

/** An unknown meter, with the nearest one. */
export function unknownMeter(asked: string, nearest: string | null, invokedAs: string): Message {
  const title = nearest === null ? say`No meter "${asked}".` : say`No meter "${asked}". Did you mean ${strong(nearest)}?`;
  return { summary: title, title, lines: [say`All meters: ${code(invokedAs)}`] };
}

/** A meter asked for before there is any. */
export function noMeterYet(asked: string, invokedAs: string): Message {
  const title = say`No meter "${asked}".`;
  const none = noFigures(invokedAs);
  return { ...none, summary: title, title, lines: [none.title, ...none.lines] };
}

/** A form of a message that an older version, or nobody, has sent. */
export const FORM_GONE = plain('This form is not there any more: ask again.');

function plain(sentence: string): Message {
  return { summary: say`${sentence}`, title: say`${sentence}`, lines: [] };
}
