import type { PermissionRequestSnapshot } from '../../core/notifications/notification.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { code, mention, placeNamed, richText, when, type RichText } from '../../core/text/rich-text.ts';
import { people } from '../replies/permissions.ts';
import type { Person } from '../../core/text/person.ts';

/** Whether the refused command changes only the place where it was typed, or something for everybody. */
export type PermissionRequestFor = 'place' | 'everybody';

type Refused = {
  /** The people who may change rules. */
  readonly admins: readonly Person[];
  /** The value of the button that asks the admins; null if none of them can be messaged. */
  readonly request: string | null;
  /** True if the platform tells who administers the workspace. */
  readonly knowsAdmins: true | undefined;
};

/** Refuses a change: who may make it, and a button that asks them. */
export function permissionRefusedMessage({ admins, request, knowsAdmins }: Refused): Message {
  const title = richText`Rules are changed by ${people(admins, ' or ')}.`;
  if (request !== null)
    return {
      summary: title,
      title,
      lines: [],
      buttons: [{ action: 'ask', label: 'Ask them', value: request, primary: true }],
    };
  return {
    summary: title,
    title,
    lines: [richText`I can't message them. Ask one of them yourself${knowsAdmins ? ', or an administrator of this workspace' : ''}.`],
  };
}

/** Asks an admin to run a command for a person who may not run it. */
export function permissionRequestMessage({ by, invokedAs, command, place }: PermissionRequestSnapshot): Message {
  const typed = code(`${invokedAs} ${command}`);
  const title =
    place === null ? richText`🙋 ${mention(by)} asks for ${typed}` : richText`🙋 ${mention(by)} asks for ${typed} in ${placeNamed(place)}`;
  const buttons: readonly Button[] = place === null ? [{ action: 'show', label: 'Do it', value: command, primary: true }] : [];
  return {
    summary: title,
    title,
    lines: [
      place === null ? richText`If you agree, click the button or type the command.` : richText`If you agree, type the command there.`,
    ],
    footer: richText`You get this because creditwatch.yml lists you as an admin.`,
    buttons,
  };
}

export function permissionAskedMessage(whom: readonly Person[]): Message {
  return line(richText`Asked ${people(whom, ' and ')}.`);
}

/** For a person who asks for the same command again. */
export function askedAlready(whom: readonly Person[], at: Date): Message {
  return line(richText`${people(whom, ' and ')} ${whom.length === 1 ? 'was' : 'were'} already asked (${when(at)}).`);
}

export const ASKED_TOO_OFTEN = line(
  richText`I have reached today's limit of requests to the admins. Ask one of them yourself, or try again tomorrow.`,
);

export const NOBODY_TO_ASK = line(richText`I can't message any of the admins now. Ask one of them yourself.`);

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}
