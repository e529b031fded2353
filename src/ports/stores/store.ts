import type { ActionStore, SubscriptionStore } from './action-store.ts';
import type { AuditStore } from './audit-store.ts';
import type { CaptureStore } from './capture-store.ts';
import type { ClockStore } from './clock-store.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { EncryptionStore } from './encryption-store.ts';
import type { IngestStore } from './ingest-store.ts';
import type { MailStore } from './mail-store.ts';
import type { PersonStore } from './person-store.ts';
import type { PollStore } from './poll-store.ts';
import type { ReadStore, CurrentMessageStore, TestStore } from './read-store.ts';
import type { InstallationStore, SetupStore } from './setup-store.ts';
import type { RetentionStore } from './retention-store.ts';
import type { SlackIdentityStore } from './slack-identity-store.ts';
import type { SlackInstallationStore } from './slack-installation-store.ts';
import type { SlackRequestStore } from './slack-request-store.ts';
import type { TeamsStore } from './teams-store.ts';
import type { TimerStore } from './timer-store.ts';
import type { TokenStore } from './token-store.ts';

/**
 * All that the pipeline and the commands need from the database.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer; nothing was committed.
 */
export type Store = IngestStore &
  DeliveryStore &
  TimerStore &
  ActionStore &
  SubscriptionStore &
  SetupStore &
  ReadStore &
  TestStore &
  InstallationStore &
  CurrentMessageStore &
  ClockStore &
  PollStore &
  TokenStore & {
    readonly teams: TeamsStore;
    readonly slackInstallation: SlackInstallationStore;
    readonly slackIdentity: SlackIdentityStore;
    readonly slackRequests: SlackRequestStore;
    readonly encryption: EncryptionStore;
    readonly person: PersonStore;
    readonly audit: AuditStore;
    readonly captures: CaptureStore;
    readonly mails: MailStore;
    readonly retention: RetentionStore;
    close(): Promise<void>;
  };
