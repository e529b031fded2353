import { z } from 'zod';

const accountSchema = z.object({
  id: z.string().min(1).max(500),
  name: z.string().max(500).nullish(),
  aadObjectId: z.string().max(100).nullish(),
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
  membersAdded: z.array(accountSchema).nullish(),
  membersRemoved: z.array(accountSchema).nullish(),
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
    })
    .nullish()
    .catch(null),
});
export type Activity = z.infer<typeof activitySchema>;

export type Scope = 'personal' | 'groupChat' | 'channel';

/** The organisation it comes from; null when it says none, as an emulator may. */
export function tenantOf({ channelData, conversation }: Activity): string | null {
  return channelData?.tenant?.id ?? conversation.tenantId ?? null;
}

export function scopeOf({ conversation, channelData }: Activity): Scope {
  if (conversation.conversationType === 'personal') return 'personal';
  if (conversation.conversationType === 'channel' || channelData?.channel) return 'channel';
  return conversation.conversationType === 'groupChat' || conversation.isGroup === true ? 'groupChat' : 'personal';
}

/** The conversation without the thread that was written in: `19:abc@thread.tacv2;messageid=1` is in `19:abc@thread.tacv2`. */
export function rootOf(conversation: string): string {
  return conversation.replace(/;messageid=.*$/, '');
}

/** The person, the same in every conversation: the directory's id, which the file names too. */
export function personOf({ aadObjectId, id }: Activity['from']): string {
  return aadObjectId?.toLowerCase() ?? id;
}
