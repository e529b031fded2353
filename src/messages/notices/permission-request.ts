import type { WishSnapshot } from '../../core/notifications/notification.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { code, mention, placeNamed, say, when, type Phrase } from '../../core/text/rich-text.ts';
import { people } from '../replies/permissions.ts';

/** Whether a wish concerns what comes where it was said, or everybody. */
export type WishFor = 'place' | 'everybody';

type Refused = {
  /** Platform user ids. */
  readonly admins: readonly string[];
  /** By what it is asked for; null where none of them can be written to. */
  readonly request: string | null;
  readonly platform: string;
};

/** Only some may change rules, and what a channel gets: who, and a way to ask them. */
export function refusedWords({ admins, request, platform }: Refused): Message {
  const title = say`Rules are changed by ${people(admins, ' or ')}.`;
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
    lines: [say`I can't write to them: ask one of them yourself${platform === 'slack' ? ', or an administrator of this workspace' : ''}.`],
  };
}

/** To an admin: what somebody wishes who may not do it. */
export function wishWords({ by, invokedAs, wish, place }: WishSnapshot): Message {
  const command = code(`${invokedAs} ${wish}`);
  const title =
    place === null ? say`🙋 ${mention(by)} asks for ${command}` : say`🙋 ${mention(by)} asks for ${command} in ${placeNamed(place)}`;
  const buttons: readonly Button[] = place === null ? [{ action: 'show', label: 'Do it', value: wish, primary: true }] : [];
  return {
    summary: title,
    title,
    lines: [place === null ? say`If you agree, press the button or type it.` : say`If you agree, type it there.`],
    footer: say`You hear of it because creditwatch.yml names you among the admins.`,
    buttons,
  };
}

export function askedWords(whom: readonly string[]): Message {
  return line(say`Asked ${people(whom, ' and ')}.`);
}

/** The same wish of the same person. */
export function askedAlready(whom: readonly string[], at: Date): Message {
  return line(say`${people(whom, ' and ')} ${whom.length === 1 ? 'was' : 'were'} asked already (${when(at)}).`);
}

export const ASKED_TOO_OFTEN = line(say`The admins were asked often enough for today. Ask one of them yourself, or press again tomorrow.`);

export const NOBODY_TO_ASK = line(say`I can't write to any of the admins now: ask one of them yourself.`);

function line(title: Phrase): Message {
  return { summary: title, title, lines: [] };
}
