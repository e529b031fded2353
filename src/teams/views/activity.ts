import type { IAdaptiveCard } from '@microsoft/teams.cards';
import type { Activity, Attachment, ChannelAccount } from 'botbuilder';
import type { Message } from '../../core/text/message.ts';
import { summaryText, teamsCard, type CardContext } from './card.ts';

/** Of an Adaptive Card. `CardFactory` of botbuilder says the same, and would load 25 MB for it, also where Teams is only a workflow. */
export const CARD = 'application/vnd.microsoft.card.adaptive';

/**
 * What Creditwatch posts: the fields of an activity that the sender fills in. botbuilder is older than targeted messages
 * (learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages).
 */
export type OutgoingActivity = Pick<Activity, 'type'> &
  Partial<Omit<Activity, 'recipient'>> & {
    readonly recipient?: Pick<ChannelAccount, 'id'> & { readonly name?: string; readonly isTargeted?: boolean };
  };

/** A card as a message: `summary` is what a phone's notification says. */
export function cardActivity(summary: string, content: IAdaptiveCard): OutgoingActivity {
  return { type: 'message', summary, attachments: [{ contentType: CARD, content } satisfies Attachment] };
}

export function messageActivity(message: Message, context: CardContext): OutgoingActivity {
  return cardActivity(summaryText(message, context), teamsCard(message, context));
}
