import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message, type Block } from 'slack-blocks-to-jsx';
import { z } from 'zod';
import { slackDate } from './dates.ts';
import { PEOPLE } from './workspace.ts';

export type Reader = { readonly now: Date; readonly timeZone: string };

const blocksSchema = z.array(z.custom<Block>((block) => typeof block === 'object' && block !== null && 'type' in block));

/** Renders Block Kit as HTML. Buttons are identified by their order. */
export function blocksHtml(blocks: unknown, reader: Reader): string {
  const users = PEOPLE.map(({ id, name }) => ({ id, name }));
  return renderToStaticMarkup(
    createElement(Message, {
      blocks: blocksSchema.parse(blocks),
      name: 'Creditwatch',
      logo: '',
      theme: 'light',
      withoutWrapper: true,
      data: { users },
      hooks: {
        date: ({ timestamp, format }: { timestamp: string; format: string }) =>
          createElement('span', null, slackDate(format, new Date(Number(timestamp) * 1000), reader.now, reader.timeZone)),
      },
    }),
  );
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
