import type { IAdaptiveCard } from '@microsoft/teams.cards';
import type { Message } from '../../core/text/message.ts';
import type { RichText, Span } from '../../core/text/rich-text.ts';
import { cardBody, summaryText, type CardContext } from '../views/card.ts';
import { undated } from '../views/text-blocks.ts';
import { nameOf } from '../views/people.ts';

/** In bytes. A flow accepts 28 kB, including the fields around the card. */
export const WORKFLOW_BYTES = 27_000;

/**
 * Builds the card for a flow: version 1.4, figures as lists, no buttons (a flow accepts only links), and names of people instead of
 * mentions, which a flow cannot make.
 */
export function workflowCard(message: Message, context: CardContext): IAdaptiveCard {
  const calm: Message = {
    ...message,
    title: named(message.title, context),
    lines: message.lines.map((line) => named(line, context)),
    ...(message.footer && { footer: named(message.footer, context) }),
  };
  const shell = {
    type: 'AdaptiveCard',
    $schema: 'https://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    fallbackText: undated(summaryText(message, context)),
  } satisfies Omit<IAdaptiveCard, 'body'>;
  const room = (context.room ?? WORKFLOW_BYTES) - Buffer.byteLength(JSON.stringify(shell));
  return { ...shell, body: cardBody(calm, context, { drawn: false, room }) };
}

function named(phrase: RichText, { names }: CardContext): RichText {
  return phrase.map((span): Span => (span.span === 'mention' ? { span: 'text', text: `@${nameOf(span.person, names)}` } : span));
}
