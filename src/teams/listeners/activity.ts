import { z } from 'zod';

const accountSchema = z.object({
  id: z.string().min(1).max(500),
  name: z.string().max(500).nullish(),
  /**
   * Missing for anonymous participants of a meeting
   * (learn.microsoft.com/microsoftteams/platform/apps-in-teams-meetings/build-apps-for-anonymous-user).
   */
  aadObjectId: z
    .string()
    .max(100)
    .nullish()
    .transform((id) => (id?.trim() ? id.trim() : null)),
  tenantId: z.string().max(100).nullish().catch(null),
  userRole: z.string().max(50).nullish().catch(null),
});

const namedSchema = z.object({ id: z.string().max(500), name: z.string().max(500).nullish() });

/**
 * The activity that Teams posts to a bot, with the fields that are used: the Bot Framework's activity with Teams' own channelData
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events).
 */
export const activitySchema = z.object({
  type: z.string().max(100),
  id: z.string().max(500).nullish(),
  channelId: z.string().max(100),
  serviceUrl: z.string().max(1000),
  locale: z.string().max(50).nullish(),
  from: accountSchema,
  recipient: accountSchema.extend({ isTargeted: z.boolean().nullish() }),
  conversation: z.object({
    id: z.string().min(1).max(500),
    conversationType: z.string().max(50).nullish(),
    isGroup: z.boolean().nullish(),
    tenantId: z.string().max(100).nullish(),
    name: z.string().max(500).nullish(),
  }),
  /** For an invoke: `adaptiveCard/action`. */
  name: z.string().max(100).nullish(),
  /** For an installationUpdate: `add`, `remove`, `add-upgrade`, `remove-upgrade`. */
  action: z.string().max(50).nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  replyToId: z.string().max(500).nullish(),
  entities: z.array(z.unknown()).nullish().catch(null),
  attachments: z.array(z.unknown()).nullish().catch(null),
  /** The new name of a group chat. */
  topicName: z.string().max(500).nullish().catch(null),
  membersAdded: z.array(accountSchema).nullish().catch(null),
  membersRemoved: z.array(accountSchema).nullish().catch(null),
  channelData: z
    .object({
      tenant: z
        .object({ id: z.string().max(100) })
        .nullish()
        .catch(null),
      team: namedSchema.nullish().catch(null),
      channel: namedSchema.nullish().catch(null),
      eventType: z.string().max(100).nullish().catch(null),
      settings: z.object({ selectedChannel: namedSchema }).nullish().catch(null),
      /** For `channelUnshared`. */
      unsharedFromTeams: z.array(namedSchema).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
export type Activity = z.infer<typeof activitySchema>;

export type Scope = 'personal' | 'groupChat' | 'channel';

/** The types that are handled. Teams may send others at any time. */
export const handledTypes = ['message', 'invoke', 'conversationUpdate', 'installationUpdate'] as const;

/** The least fields of an activity: enough to check that it comes from Teams, and to log its type. */
export const envelopeSchema = z.object({
  type: z.string().max(100),
  serviceUrl: z.string().max(1000),
  name: z.string().max(100).nullish().catch(null),
});

/**
 * Returns the organizations that an activity names: the one of the conversation, and the one of the people. They differ in channels that
 * are shared with another organization. Empty if it names none, as an emulator may.
 */
export function tenantsOf({ channelData, conversation }: Activity): readonly string[] {
  return [channelData?.tenant?.id, conversation.tenantId].flatMap((tenant) => (tenant ? [tenant] : []));
}

/** Returns the kind of the conversation: a channel, a group chat or a personal chat. */
export function scopeOf({ conversation, channelData }: Activity): Scope {
  if (conversation.conversationType === 'personal') return 'personal';
  if (conversation.conversationType === 'channel' || channelData?.channel) return 'channel';
  return conversation.conversationType === 'groupChat' || conversation.isGroup === true ? 'groupChat' : 'personal';
}

/** Returns the conversation without its thread: `19:abc@thread.tacv2` for `19:abc@thread.tacv2;messageid=1`. */
export function rootOf(conversation: string): string {
  return conversation.split(';messageid=', 1)[0] ?? conversation;
}

/** Returns the ID of the person, which is the same in every conversation: the ID in the directory, which creditwatch.yml uses too. */
export function personOf({ aadObjectId, id }: Activity['from']): string {
  return aadObjectId?.toLowerCase() ?? id;
}
