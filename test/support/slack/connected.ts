import { onTestFinished } from 'vitest';
import type { FakeSlackOptions } from './fake-slack.ts';
import { startConnected, startInstallable, type ConnectedSlack, type Transport } from './hand-over.ts';

/** A fake Slack that closes with the test, the way a service is connected to it, and the variables that connect it. */
export async function connectedSlack(options: FakeSlackOptions & { readonly transport?: Transport } = {}): Promise<ConnectedSlack> {
  const slack = await startConnected(options);
  onTestFinished(() => slack.close());
  return slack;
}

/** The same, where the app is installed through the service itself. */
export async function installableSlack(options: FakeSlackOptions & { readonly transport?: Transport } = {}): Promise<ConnectedSlack> {
  const slack = await startInstallable(options);
  onTestFinished(() => slack.close());
  return slack;
}

/** A message as it was posted, whatever it was edited to later: the line that stands alone. */
export function firstSaid({ args }: { readonly args: Readonly<Record<string, unknown>> }): string {
  return String(args['text']).split('\n')[0] ?? '';
}

/** All the text that people read in a payload's blocks, in order, joined as it is shown. */
export function shownText(blocks: unknown): string {
  if (Array.isArray(blocks))
    return blocks
      .map(shownText)
      .filter((text) => text !== '')
      .join('');
  if (typeof blocks !== 'object' || blocks === null) return '';
  const {
    text,
    fallback,
    elements,
    channel_id: channel,
  } = { text: undefined, fallback: undefined, elements: undefined, channel_id: undefined, ...blocks };
  if (typeof text === 'string') return text;
  if (typeof fallback === 'string') return fallback;
  if ('type' in blocks && blocks.type === 'actions') return '';
  if (typeof channel === 'string') return `#${String(channel)}`;
  return shownText(text) + shownText(elements) + ('type' in blocks && blocks.type === 'rich_text_section' ? '\n' : '');
}
