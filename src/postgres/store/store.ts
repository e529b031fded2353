import type { EncryptionKeys } from '../../ports/stores/encryption-store.ts';
import type { Store } from '../../ports/stores/store.ts';
import { createAuditStore } from './audit-store.ts';
import { createCaptureStore } from './capture-store.ts';
import { createClockStore } from './clock-store.ts';
import { openDatabase, type Database } from './sql/database.ts';
import { createDeliveryStore } from './delivery-store.ts';
import { createEncryptionStore } from './encryption-store.ts';
import { createIngestStore } from './ingest-store.ts';
import { createInstallationStore } from './installation-store.ts';
import { createActionStore } from './action-store.ts';
import { createMailStore } from './mail-store.ts';
import { createPersonStore } from './person-store.ts';
import { createPollStore } from './poll-store.ts';
import { createReadStore } from './read-store.ts';
import { createRetentionStore } from './retention-store.ts';
import { createSubscriptionStore } from './subscription-store.ts';
import { createSetupStore } from './setup-store.ts';
import { createSlackIdentityStore } from './slack-identity-store.ts';
import { createSlackInstallationStore } from './slack-installation-store.ts';
import { createSlackRequestStore } from './slack-request-store.ts';
import { createCurrentMessageStore } from './current-message-store.ts';
import { createTeamsStore } from './teams-store.ts';
import { createTestStore } from './test-store.ts';
import { createTimerStore } from './timer-store.ts';
import { createTokenStore } from './token-store.ts';
import { createVault } from './sql/vault.ts';

// Shared by ingests, drains, commands and the sweep. The queue has its own connections.
const CONNECTIONS = 10;

/**
 * Opens the store over PostgreSQL.
 *
 * @param encryption the keys for secrets, called for each operation; or one key of 32 bytes
 * @param database a database that is already open at that URL; the store closes it
 */
export function openStore(
  url: string,
  encryption: Buffer | (() => EncryptionKeys),
  database: Database = openDatabase(url, { connections: CONNECTIONS }),
): Store {
  const vault = createVault(typeof encryption === 'function' ? encryption : () => ({ current: encryption, previous: null }));
  return {
    ...createIngestStore(database),
    ...createDeliveryStore(database),
    ...createInstallationStore(database),
    ...createSetupStore(database, vault),
    ...createReadStore(database),
    ...createTestStore(database),
    ...createTimerStore(database),
    ...createActionStore(database),
    ...createSubscriptionStore(database),
    ...createPollStore(database),
    ...createTokenStore(database, vault),
    ...createClockStore(database),
    ...createCurrentMessageStore(database),
    teams: createTeamsStore(database),
    slackInstallation: createSlackInstallationStore(database, vault),
    slackIdentity: createSlackIdentityStore(database),
    slackRequests: createSlackRequestStore(database),
    encryption: createEncryptionStore(database, vault),
    person: createPersonStore(database),
    audit: createAuditStore(database),
    captures: createCaptureStore(database),
    mails: createMailStore(database),
    retention: createRetentionStore(database),
    close: () => database.close(),
  };
}
