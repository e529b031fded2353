import type { IAdaptiveCard } from '@microsoft/teams.cards';
import type { Activity, Attachment, ChannelAccount } from 'botbuilder';
import type { Message } from '../../core/text/message.ts';
import { summaryText, teamsCard, type CardContext } from './card.ts';

/**
 * The content type of an Adaptive Card. `CardFactory` of botbuilder has it too, but would load 25 MB, also if Teams is used only through a
 * workflow.
 */
export const CARD = 'application/vnd.microsoft.card.adaptive';

/**
 * The activity that Creditwatch posts: the fields that the sender fills in. botbuilder's types lack targeted messages
 * (learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages).
 */
export type OutgoingActivity = Pick<Activity, 'type'> &
  Partial<Omit<Activity, 'recipient'>> & {
    readonly recipient?: Pick<ChannelAccount, 'id'> & { readonly name?: string; readonly isTargeted?: boolean };
  };

/** Builds a message of a card. `summary` is the text of the notification on a phone. */
export function cardActivity(summary: string, content: IAdaptiveCard): OutgoingActivity {
  return { type: 'message', summary, attachments: [{ contentType: CARD, content } satisfies Attachment] };
}

/** Builds the activity that posts a message as a card. */
export function messageActivity(message: Message, context: CardContext): OutgoingActivity {
  return cardActivity(summaryText(message, context), teamsCard(message, context));
}
