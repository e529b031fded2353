import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MessengerParts, Platform } from '../../chat/platform.ts';
import type { Messenger } from '../../ports/outbound/messenger.ts';
import { WORKFLOW } from './traits.ts';

/** The URL of a flow in Power Automate. Plain HTTP is allowed only on this machine, for a relay. */
const url = z
  .string()
  .trim()
  .refine((text) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    return parsed !== null && (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && parsed.hostname === '127.0.0.1'));
  }, 'must be the https URL of the flow. Write it as ${TEAMS_WORKFLOW_URL}: anyone who knows it can post');

/** The platform of Teams through flows of Power Automate, for organizations that allow no bots. A flow can only post. */
export const workflow: Platform = {
  ...WORKFLOW,
  name: 'a flow in Teams',
  // The URL of a flow is a secret. Outside creditwatch.yml, a part of its hash is used.
  route: { key: 'workflow', written: url, addressOf: (written) => createHash('sha256').update(written).digest('hex').slice(0, 12) },
  workspacesKey: null,
  isPerson: null,
  setUp: null,
  settings: [],
  configure: () => ({
    secrets: [],
    mode: 'http',
    reachedBy: null,
    notes: [],
    check: async () => [],
    open: async (parts) => {
      const messenger = await openMessenger(parts);
      return messenger && { messenger };
    },
    openMessenger,
  }),
};

/** Opens the messenger. Null if no route leads to a flow. */
async function openMessenger({ accounts, clock }: MessengerParts): Promise<Messenger | null> {
  const urls = new Map(accounts.flatMap(({ secretAddresses }) => secretAddresses.map(({ address, written }) => [address, written])));
  if (urls.size === 0) return null;
  const { createWorkflowMessenger } = await import('./messenger.ts');
  return createWorkflowMessenger({ urlOf: (address) => urls.get(address) ?? null, timeZone: accounts[0]?.timeZone ?? 'UTC', clock });
}
