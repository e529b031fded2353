import { z } from 'zod';

const accountSchema = z.object({
  id: z.string().min(1).max(500),
  name: z.string().max(500).nullish(),
  /** Left out of anonymous participants of a meeting (learn.microsoft.com/microsoftteams/platform/apps-in-teams-meetings/build-apps-for-anonymous-user). */
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
 * What Teams posts to a bot, as far as it matters here: the Bot Framework's activity with Teams' own channelData
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
  /** Of an invoke: `adaptiveCard/action`. */
  name: z.string().max(100).nullish(),
  /** Of an installationUpdate: `add`, `remove`, `add-upgrade`, `remove-upgrade`. */
  action: z.string().max(50).nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  replyToId: z.string().max(500).nullish(),
  entities: z.array(z.unknown()).nullish().catch(null),
  attachments: z.array(z.unknown()).nullish().catch(null),
  /** What a group chat is called from now on. */
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
      /** Of `channelUnshared`. */
      unsharedFromTeams: z.array(namedSchema).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
export type Activity = z.infer<typeof activitySchema>;

export type Scope = 'personal' | 'groupChat' | 'channel';

/** Types that something is done about. Teams may send others at any time. */
export const handledTypes = ['message', 'invoke', 'conversationUpdate', 'installationUpdate'] as const;

/** Enough of an activity to know that it comes from Teams and that nothing is to be done about it. */
export const envelopeSchema = z.object({
  type: z.string().max(100),
  serviceUrl: z.string().max(1000),
  name: z.string().max(100).nullish().catch(null),
});

/**
 * The organisations that an activity names: whose the conversation is, and who is served there. They differ in channels that
 * are shared with another organisation. Empty when it names none, as an emulator may.
 */
export function tenantsOf({ channelData, conversation }: Activity): readonly string[] {
  return [channelData?.tenant?.id, conversation.tenantId].flatMap((tenant) => (tenant ? [tenant] : []));
}

export function scopeOf({ conversation, channelData }: Activity): Scope {
  if (conversation.conversationType === 'personal') return 'personal';
  if (conversation.conversationType === 'channel' || channelData?.channel) return 'channel';
  return conversation.conversationType === 'groupChat' || conversation.isGroup === true ? 'groupChat' : 'personal';
}

/** The conversation without the thread that was written in: `19:abc@thread.tacv2;messageid=1` is in `19:abc@thread.tacv2`. */
export function rootOf(conversation: string): string {
  return conversation.split(';messageid=', 1)[0] ?? conversation;
}

/** The person, the same in every conversation: the directory's id, which the file names too. */
export function personOf({ aadObjectId, id }: Activity['from']): string {
  return aadObjectId?.toLowerCase() ?? id;
}
