import type { Config } from '../config/config.ts';
import type { MessengerParts, OpenParts, OpenPlatform } from '../chat/platform.ts';
import { putKeyBackText } from '../messages/failures/data-folder.ts';
import { createCurrentMessage } from '../pipeline/deliver/current-message.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import { accountsFor } from './accounts.ts';

type Parts = Omit<MessengerParts, 'accounts' | 'keyRemedy'> & { readonly config: Config };

/** Connects the service to each configured platform. Returns the connections with the platform ids. */
export async function openPlatforms(
  parts: Parts,
  answering: Pick<OpenParts, 'unverified' | 'chat' | 'welcome' | 'onInstalled' | 'lookEveryMs'>,
): Promise<readonly (OpenPlatform & { readonly id: string })[]> {
  const opened: (OpenPlatform & { readonly id: string })[] = [];
  for (const { id, connection } of parts.config.platforms) {
    const currentMessage = createCurrentMessage(parts.store, id);
    const open = await connection?.open({ ...partsFor(id, parts), ...answering, currentMessage });
    if (open) opened.push({ ...open, id });
  }
  return opened;
}

/** Opens the messenger of each configured platform, for a process that handles no requests. */
export async function openMessengers(parts: Parts): Promise<readonly Messenger[]> {
  const messengers: Messenger[] = [];
  for (const { id, connection } of parts.config.platforms) {
    const messenger = await connection?.openMessenger(partsFor(id, parts));
    if (messenger) messengers.push(messenger);
  }
  return messengers;
}

function partsFor(id: string, { config, store, clock, log, write, strong }: Parts): MessengerParts {
  const accounts = accountsFor(id, config);
  return { accounts, store, clock, log, keyRemedy: putKeyBackText(config), write, ...(strong && { strong }) };
}
