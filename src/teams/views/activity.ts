import type { IAdaptiveCard } from '@microsoft/teams.cards';
import type { Message } from '../../core/text/message.ts';
import { summaryText, teamsCard, type CardContext } from './card.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';

/** A card as a message: `summary` is what a phone's notification says. */
export function cardActivity(summary: string, content: IAdaptiveCard): object {
  return { type: 'message', summary, attachments: [{ contentType: CARD, content }] };
}

export function messageActivity(message: Message, context: CardContext): object {
  return cardActivity(summaryText(message, context), teamsCard(message, context));
}
